package dev.velo.ffm;

/**
 * {@code struct mount_attr}: the attributes of a mount to set and to clear, and its propagation ({@code MS_PRIVATE} and the like,
 * 0 to leave it). An id-mapped mount ({@code MOUNT_ATTR_IDMAP}) takes the descriptor of a user namespace.
 */
public record MountAttributes(long set, long clear, long propagation, int userNamespace) {
    public static final long MOUNT_ATTR_RDONLY = 1;
    public static final long MOUNT_ATTR_NOSUID = 2;
    public static final long MOUNT_ATTR_NODEV = 4;
    public static final long MOUNT_ATTR_NOEXEC = 8;
    public static final long MOUNT_ATTR_NOATIME = 0x10;
    public static final long MOUNT_ATTR_NODIRATIME = 0x80;
    public static final long MOUNT_ATTR_IDMAP = 0x100000;
    public static final long MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

    static final int BYTES = 32;

    /** Attributes to set, nothing else changed. */
    public static MountAttributes setting(long attributes) {
        return new MountAttributes(attributes, 0, 0, 0);
    }

    /**
     * Attributes to set on a copy of a mount that is to go its own way: else what is mounted below the one appears below the other,
     * without these attributes.
     */
    public static MountAttributes settingApart(long attributes) {
        return new MountAttributes(attributes, 0, MountCalls.MS_PRIVATE, 0);
    }

    /** The same, with owners as a user namespace translates them. */
    public static MountAttributes settingApart(long attributes, int userNamespace) {
        return new MountAttributes(attributes | MOUNT_ATTR_IDMAP, 0, MountCalls.MS_PRIVATE, userNamespace);
    }

    /** Another propagation, nothing else changed. */
    public static MountAttributes propagating(long propagation) {
        return new MountAttributes(0, 0, propagation, 0);
    }

    byte[] toBytes() {
        return ProcessCalls.longs(set, clear, propagation, userNamespace);
    }
}

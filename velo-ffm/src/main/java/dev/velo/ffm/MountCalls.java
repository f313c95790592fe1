package dev.velo.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Calls that make, change and move mounts. Descriptors returned are the caller's to close. */
@SuppressWarnings("restricted")
public final class MountCalls {
    public static final long MS_RDONLY = 1;
    public static final long MS_NOSUID = 2;
    public static final long MS_NODEV = 4;
    public static final long MS_NOEXEC = 8;
    public static final long MS_REMOUNT = 0x20;
    public static final long MS_BIND = 0x1000;
    public static final long MS_MOVE = 0x2000;
    public static final long MS_REC = 0x4000;
    public static final long MS_PRIVATE = 0x40000;
    public static final long MS_SLAVE = 0x80000;
    public static final long MS_SHARED = 0x100000;

    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;

    public static final int OPEN_TREE_CLONE = 1;
    public static final int OPEN_TREE_CLOEXEC = 0x80000;
    public static final int AT_RECURSIVE = 0x8000;

    public static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    public static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
    public static final int MOVE_MOUNT_BENEATH = 0x200;

    public static final int FSOPEN_CLOEXEC = 1;
    public static final int FSMOUNT_CLOEXEC = 1;
    public static final int FSCONFIG_SET_FLAG = 0;
    public static final int FSCONFIG_SET_STRING = 1;
    public static final int FSCONFIG_SET_FD = 5;
    public static final int FSCONFIG_CMD_CREATE = 6;
    public static final int FSCONFIG_CMD_RECONFIGURE = 7;

    private static final int MESSAGE_MAX = 4096;

    private MountCalls() {}

    /**
     * {@code int mount(const char *source, const char *target, const char *filesystemtype, unsigned long mountflags, const void
     * *data)}.
     */
    public static void mount(
            byte @Nullable [] source, byte[] target, @Nullable String type, long flags, byte @Nullable [] data)
            throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long path = CString.second(target);
            long from = source == null ? 0 : CString.first(source);
            byte[] name = type == null ? null : type.getBytes(StandardCharsets.UTF_8);
            Door.call(Syscall.MOUNT, path, from, path, text(arena, name), flags, text(arena, data), 0);
        }
    }

    /** {@code int umount2(const char *target, int flags)}. */
    public static void umount2(byte[] target, int flags) throws ErrnoException {
        long path = CString.first(target);
        Door.call(Syscall.UMOUNT2, path, path, flags, 0, 0, 0, 0);
    }

    /** {@code int open_tree(int dirfd, const char *path, unsigned int flags)} (Linux 5.2); close-on-exec in any case. */
    public static int openTree(int directory, byte[] path, int flags) throws ErrnoException {
        long name = CString.first(path);
        return (int) Door.call(Syscall.OPEN_TREE, name, directory, name, flags | OPEN_TREE_CLOEXEC, 0, 0, 0);
    }

    /**
     * {@code int move_mount(int from_dirfd, const char *from_path, int to_dirfd, const char *to_path, unsigned int flags)} (Linux
     * 5.2).
     */
    public static void moveMount(int from, byte[] fromPath, int to, byte[] toPath, int flags) throws ErrnoException {
        long source = CString.first(fromPath);
        long target = CString.second(toPath);
        Door.call(Syscall.MOVE_MOUNT, toPath.length == 0 ? source : target, from, source, to, target, flags, 0);
    }

    /** {@code int fsopen(const char *fsname, unsigned int flags)} (Linux 5.2); close-on-exec in any case. */
    public static int fsopen(String type) throws ErrnoException {
        long name = CString.first(type.getBytes(StandardCharsets.UTF_8));
        return (int) Door.call(Syscall.FSOPEN, name, name, FSOPEN_CLOEXEC, 0, 0, 0, 0);
    }

    /** {@code int fsconfig(int fd, FSCONFIG_SET_STRING, const char *key, const char *value, 0)} (Linux 5.2). */
    public static void fsconfigString(int context, String key, byte[] value) throws ErrnoException {
        long name = CString.first(key.getBytes(StandardCharsets.UTF_8));
        long text = CString.second(value);
        Door.call(Syscall.FSCONFIG, text, context, FSCONFIG_SET_STRING, name, text, 0, 0);
    }

    /** {@code int fsconfig(int fd, FSCONFIG_SET_FLAG, const char *key, NULL, 0)} (Linux 5.2). */
    public static void fsconfigFlag(int context, String key) throws ErrnoException {
        long name = CString.first(key.getBytes(StandardCharsets.UTF_8));
        Door.call(Syscall.FSCONFIG, name, context, FSCONFIG_SET_FLAG, name, 0, 0, 0);
    }

    /** {@code int fsconfig(int fd, FSCONFIG_SET_FD, const char *key, NULL, int aux)} (Linux 5.2). */
    public static void fsconfigDescriptor(int context, String key, int fd) throws ErrnoException {
        long name = CString.first(key.getBytes(StandardCharsets.UTF_8));
        Door.call(Syscall.FSCONFIG, name, context, FSCONFIG_SET_FD, name, 0, fd, 0);
    }

    /** {@code int fsconfig(int fd, unsigned int cmd, NULL, NULL, 0)} (Linux 5.2) with {@code FSCONFIG_CMD_CREATE} and the like. */
    public static void fsconfigCommand(int context, int command) throws ErrnoException {
        Door.call(Syscall.FSCONFIG, 0, context, command, 0, 0, 0, 0);
    }

    /**
     * What the kernel has written for people into the log of a context, line by line without its level ({@code "e "}), read by
     * {@code read(2)}; empty if there is nothing. An erroneous call's reason stands there.
     */
    public static String fsmessages(int context) {
        StringBuilder text = new StringBuilder();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MESSAGE_MAX);
            while (true) {
                long length = Door.raw(Syscall.READ, context, buffer.address(), MESSAGE_MAX, 0, 0, 0);
                if (length <= 0) {
                    return text.toString();
                }
                byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                String line = new String(bytes, StandardCharsets.UTF_8).strip();
                text.append(text.isEmpty() ? "" : "; ").append(line.matches("[ewi] .*") ? line.substring(2) : line);
            }
        }
    }

    /** {@code int fsmount(int fsfd, unsigned int flags, unsigned int attr_flags)} (Linux 5.2); close-on-exec in any case. */
    public static int fsmount(int context, int attributes) throws ErrnoException {
        return (int) Door.call(Syscall.FSMOUNT, 0, context, FSMOUNT_CLOEXEC, attributes, 0, 0, 0);
    }

    /**
     * {@code int mount_setattr(int dirfd, const char *path, unsigned int flags, struct mount_attr *attr, size_t size)} (Linux
     * 5.12).
     */
    public static void mountSetattr(int directory, byte[] path, int flags, MountAttributes attributes)
            throws ErrnoException {
        long name = CString.first(path);
        MemorySegment structure = Scratch.structure(MountAttributes.BYTES);
        MemorySegment.copy(attributes.toBytes(), 0, structure, ValueLayout.JAVA_BYTE, 0, MountAttributes.BYTES);
        Door.call(Syscall.MOUNT_SETATTR, name, directory, name, flags, structure.address(), MountAttributes.BYTES, 0);
    }

    /** {@code int pivot_root(const char *new_root, const char *put_old)}. */
    public static void pivotRoot(byte[] newRoot, byte[] putOld) throws ErrnoException {
        long root = CString.first(newRoot);
        Door.call(Syscall.PIVOT_ROOT, root, root, CString.second(putOld), 0, 0, 0, 0);
    }

    private static long text(Arena arena, byte @Nullable [] text) {
        if (text == null) {
            return 0;
        }
        MemorySegment copy = arena.allocate(text.length + 1L);
        MemorySegment.copy(text, 0, copy, ValueLayout.JAVA_BYTE, 0, text.length);
        return copy.address();
    }
}

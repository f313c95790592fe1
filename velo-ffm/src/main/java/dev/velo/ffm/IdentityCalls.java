package dev.velo.ffm;

/** Who this process is. None of these calls can fail. */
public final class IdentityCalls {
    private IdentityCalls() {}

    /** {@code uid_t geteuid(void)}. */
    public static int geteuid() {
        return (int) Door.raw(Syscall.GETEUID, 0, 0, 0, 0, 0, 0);
    }

    /** {@code gid_t getegid(void)}. */
    public static int getegid() {
        return (int) Door.raw(Syscall.GETEGID, 0, 0, 0, 0, 0, 0);
    }
}

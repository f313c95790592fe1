package dev.velo.core.present;

import dev.velo.ffm.IdentityCalls;

/** Who this process acts as: effective user and group. */
public record User(int uid, int gid) {
    public static User current() {
        return new User(IdentityCalls.geteuid(), IdentityCalls.getegid());
    }

    public boolean isRoot() {
        return uid == 0;
    }
}

package dev.velo.core.present;

import dev.velo.core.store.Root;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.IdentityCalls;

/** Who this process acts as: effective user and group. */
public record User(int uid, int gid) {
    public static User current() {
        return new User(IdentityCalls.geteuid(), IdentityCalls.getegid());
    }

    public boolean isRoot() {
        return uid == 0;
    }

    /** What of a tree that is trusted or not becomes real for this user: only root can give files to others. */
    public MetadataPolicy policy(Root.Trust trust) {
        return new MetadataPolicy(trust, isRoot() ? MetadataPolicy.Ownership.STORED : MetadataPolicy.Ownership.MAKER);
    }
}

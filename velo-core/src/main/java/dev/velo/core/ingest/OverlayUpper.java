package dev.velo.core.ingest;

import java.util.List;

/**
 * The upper directory of an overlay that was mounted with {@code userxattr} and is not written to any more.
 *
 * @param path its absolute path
 * @param mountPoints paths in the tree at which something was made to be mounted over: directories and files that are empty and not in
 *     the layers below are no part of the tree
 * @param users which numbers of users the program saw for those that the upper's files have
 * @param groups the same for groups
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; uppers are never compared
public record OverlayUpper(byte[] path, List<byte[]> mountPoints, IdMap users, IdMap groups, Care care) {
    /** What may happen to the directory. */
    public enum Care {
        /** It is read only. */
        KEPT,
        /** It will be deleted: the permissions of what its owner cannot read may be changed for good. */
        DISPOSABLE
    }

    public OverlayUpper {
        mountPoints = List.copyOf(mountPoints);
    }

    /** One that was written without a user namespace and without mounts inside, and is kept. */
    public static OverlayUpper of(byte[] path) {
        return new OverlayUpper(path, List.of(), IdMap.IDENTITY, IdMap.IDENTITY, Care.KEPT);
    }
}

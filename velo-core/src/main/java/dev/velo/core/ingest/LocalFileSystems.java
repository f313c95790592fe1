package dev.velo.core.ingest;

import java.util.Set;

/**
 * The file systems whose change times the stat cache relies on: local ones that move them at every write. Network file systems cache
 * attributes, overlay file systems change a file's identity when it is copied up, and tmpfs, which writes nothing back, never moves the
 * times of a file that is written through a mapping again. Source: {@code linux/magic.h}.
 */
final class LocalFileSystems {
    private static final long EXT = 0xEF53L;
    private static final long XFS = 0x58465342L;
    private static final long BTRFS = 0x9123683EL;
    private static final long F2FS = 0xF2F52010L;
    private static final long ZFS = 0x2FC12FC1L;
    private static final long BCACHEFS = 0xCA451A4EL;
    private static final Set<Long> MAGICS = Set.of(EXT, XFS, BTRFS, F2FS, ZFS, BCACHEFS);

    private LocalFileSystems() {}

    /** Whether a file system of this {@code f_type} is one of them. */
    static boolean hold(long magic) {
        return MAGICS.contains(magic & 0xFFFFFFFFL);
    }
}

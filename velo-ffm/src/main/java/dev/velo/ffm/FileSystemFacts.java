package dev.velo.ffm;

import java.lang.foreign.MemorySegment;

/**
 * What {@code struct statfs} says of a file system.
 *
 * @param type its magic number
 * @param id {@code f_fsid}: which file system of that type it is, as far as the type can tell
 * @param flags {@code f_flags}: how it is mounted
 * @param bytes how much it holds
 * @param freeBytes how much of that a user can still fill
 * @param inodes how many files it can hold; 0 where that is not limited
 * @param freeInodes how many more
 */
public record FileSystemFacts(
        long type, long id, long flags, long bytes, long freeBytes, long inodes, long freeInodes) {
    public static final long EROFS_SUPER_MAGIC = 0xE0F5E1E2L;
    public static final long OVERLAYFS_SUPER_MAGIC = 0x794C7630L;
    public static final long TMPFS_MAGIC = 0x01021994L;
    public static final long RAMFS_MAGIC = 0x858458F6L;

    /** Nothing on it can be executed, nor mapped to be executed. */
    public static final long ST_NOEXEC = 8;

    static final int BYTES = 120;
    private static final int TYPE_AT = 0;
    private static final int BLOCKS_AT = 16;
    private static final int AVAILABLE_BLOCKS_AT = 32;
    private static final int FILES_AT = 40;
    private static final int FREE_FILES_AT = 48;
    private static final int FRAGMENT_SIZE_AT = 72;
    private static final int ID_AT = 56;
    private static final int FLAGS_AT = 80;

    static FileSystemFacts of(MemorySegment structure) {
        long block = structure.get(Scratch.LONG, FRAGMENT_SIZE_AT);
        return new FileSystemFacts(
                structure.get(Scratch.LONG, TYPE_AT),
                structure.get(Scratch.LONG, ID_AT),
                structure.get(Scratch.LONG, FLAGS_AT),
                structure.get(Scratch.LONG, BLOCKS_AT) * block,
                structure.get(Scratch.LONG, AVAILABLE_BLOCKS_AT) * block,
                structure.get(Scratch.LONG, FILES_AT),
                structure.get(Scratch.LONG, FREE_FILES_AT));
    }
}

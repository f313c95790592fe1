package dev.velo.core.format;

import dev.velo.ffm.Statx;

/** What a manifest entry is; the code is what stands in the file. */
public enum EntryKind {
    FILE(1, Statx.S_IFREG),
    DIRECTORY(2, Statx.S_IFDIR),
    SYMLINK(3, Statx.S_IFLNK),
    /** A further name of an entry before it. */
    HARD_LINK(4, 0),
    CHARACTER_DEVICE(5, Statx.S_IFCHR),
    BLOCK_DEVICE(6, Statx.S_IFBLK),
    FIFO(7, Statx.S_IFIFO);

    private static final EntryKind[] KINDS = values();

    private final int code;
    private final int typeBits;

    EntryKind(int code, int typeBits) {
        this.code = code;
        this.typeBits = typeBits;
    }

    public int code() {
        return code;
    }

    /** The type part of {@code st_mode}; 0 for a hard link, whose type is that of what it names. */
    public int typeBits() {
        return typeBits;
    }

    public boolean isDevice() {
        return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
    }

    static boolean isCode(int code) {
        return code >= 1 && code <= KINDS.length;
    }

    static EntryKind ofCode(int code) {
        return KINDS[code - 1];
    }
}

package dev.velo.core.tar;

import dev.velo.core.ingest.EntryMetadata;
import java.io.InputStream;

/**
 * One entry of an archive.
 *
 * @param name its path as the archive has it
 * @param target where a symbolic or hard link leads; empty for others
 * @param size of a file
 * @param device major number in the high half, minor in the low one
 * @param contents of a file; until the next entry is asked for
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record TarEntry(
        byte[] name, Kind kind, EntryMetadata metadata, byte[] target, long size, long device, InputStream contents) {
    /** What it is. */
    enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        HARD_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO
    }
}

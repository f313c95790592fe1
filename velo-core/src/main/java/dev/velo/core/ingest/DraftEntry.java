package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One entry of a {@link TreeDraft}; hard links are one entry under several names. */
final class DraftEntry {
    private static final SortedMap<byte[], DraftEntry> NONE = empty();

    final EntryKind kind;
    EntryMetadata metadata;

    /** Of a file or a target its bytes, of a device its numbers as the manifest has them. */
    long size;

    /** Of a file that is not empty. */
    @Nullable
    Digest blob;

    byte[] target = new byte[0];

    /** Of a directory, by name in unsigned byte order. */
    SortedMap<byte[], DraftEntry> children = NONE;

    /** What this directory deletes of the layers below. */
    SortedMap<byte[], DraftEntry> whiteouts = NONE;

    /** Whether this directory hides what the layers below have in it. */
    boolean isOpaque;

    /** Its number in the manifest; less than 0 before it has one. */
    int number = -1;

    DraftEntry(EntryKind kind, EntryMetadata metadata) {
        this.kind = kind;
        this.metadata = metadata;
    }

    boolean isDirectory() {
        return kind == EntryKind.DIRECTORY;
    }

    void put(byte[] name, DraftEntry child) {
        if (children.isEmpty()) {
            children = empty();
        }
        children.put(name, child);
    }

    void delete(byte[] name, DraftEntry mark) {
        if (whiteouts.isEmpty()) {
            whiteouts = empty();
        }
        whiteouts.put(name, mark);
    }

    private static SortedMap<byte[], DraftEntry> empty() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }
}

package dev.velo.core.testing;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.view.View;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares bytes and attributes of files with what a view says of them. */
final class ViewContents {
    private static final int BUFFER_BYTES = 1 << 18;

    /** Of larger files only the first part of a hole is read. */
    private static final long SPARSE_BYTES = 16L << 20;

    private final View view;
    private final MemorySegment expected = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final MemorySegment found = Arena.ofAuto().allocate(BUFFER_BYTES);

    ViewContents(View view) {
        this.view = view;
    }

    /** What differs, or nothing. */
    String difference(int directory, byte[] name, EntryKind kind, int node) throws IOException {
        boolean opened = kind == EntryKind.FILE || kind == EntryKind.DIRECTORY;
        int file = opened ? FileCalls.openat(directory, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, 0) : -1;
        try {
            Attributes attributes = opened ? Attributes.of(file) : Attributes.of(directory, name);
            if (!attributes.equals(attributes(node))) {
                return "attributes " + attributes + " in the tree, " + attributes(node) + " in the view";
            }
            return kind == EntryKind.FILE ? difference(file, node) : "";
        } finally {
            FileCalls.close(file);
        }
    }

    private Attributes attributes(int node) throws IOException {
        SortedMap<String, String> values = new TreeMap<>();
        for (AttributeSet.Attribute attribute : view.attributes(node)) {
            values.put(PrintableBytes.of(attribute.name()), PrintableBytes.of(attribute.value()));
        }
        return new Attributes(values);
    }

    private String difference(int file, int node) throws IOException {
        long size = view.size(node);
        MemorySegment mapped = view.map(node);
        if (mapped.byteSize() != size) {
            return "mapped with " + mapped.byteSize() + " bytes";
        }
        for (long at = 0; at < size; at = next(file, at + BUFFER_BYTES, size)) {
            long count = Math.min(BUFFER_BYTES, size - at);
            int read = view.read(node, at, found);
            long filled = 0;
            while (filled < count) {
                filled += FileCalls.pread(file, expected.address() + filled, count - filled, at + filled);
            }
            if (read != count || expected.asSlice(0, count).mismatch(found.asSlice(0, count)) >= 0) {
                return "other bytes are read at " + at;
            }
            if (expected.asSlice(0, count).mismatch(mapped.asSlice(at, count)) >= 0) {
                return "other bytes are mapped at " + at;
            }
        }
        return view.read(node, size, found) == -1 ? "" : "bytes behind the end";
    }

    private static long next(int file, long at, long size) throws IOException {
        if (size < SPARSE_BYTES || at >= size) {
            return at;
        }
        try {
            return Math.max(at, FileCalls.lseek(file, at, FileCalls.SEEK_DATA));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) {
                return Math.max(at, size - 1);
            }
            throw e;
        }
    }
}

package dev.velo.core.view;

import static dev.velo.core.format.ErofsFormat.offset;

import com.dynatrace.hash4j.hashing.Hasher64;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Manifest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Makes the hash table over all paths of a tree that the kernel would take, in memory outside the heap. */
final class PathTableBuilder {
    static final int NID = offset(ImageFormat.SLOT, "nid");
    static final int PATH_OFFSET = offset(ImageFormat.SLOT, "path_offset");
    static final int PATH_LENGTH = offset(ImageFormat.SLOT, "path_length");
    static final int FILE_TYPE = offset(ImageFormat.SLOT, "file_type");

    private final Manifest manifest;
    private final ImageLayout layout;
    private final Hasher64 hasher;
    private final int[] parents;
    private final int[] lengths;
    private final long[] offsets;
    private final MemorySegment slots;
    private final MemorySegment paths;
    private final byte[] path = new byte[ImageFormat.MAX_PATH_BYTES];
    private int slotShift;
    private int pathCount;
    private int prefixOf = -1;
    private int prefixLength;

    PathTableBuilder(Arena arena, Manifest manifest, ImageLayout layout, long seed) throws IOException {
        this.manifest = manifest;
        this.layout = layout;
        this.hasher = ImageFormat.hasher(seed);
        this.parents = manifest.parents();
        this.lengths = new int[manifest.entryCount()];
        this.offsets = new long[manifest.entryCount()];
        long bytes = measure();
        if (bytes >>> ImageFormat.PATH_SHIFT > 0xffff_ffffL) {
            throw new IOException(manifest.file() + ": its paths are too long for an image; use --mode link");
        }
        this.slotShift = ImageFormat.slotShift(pathCount);
        this.slots = arena.allocate((long) ImageFormat.SLOT_BYTES << slotShift, Long.BYTES);
        this.paths = arena.allocate(Math.max(1, bytes), Long.BYTES);
        for (int entry = 1; entry < manifest.entryCount(); entry++) {
            if (lengths[entry] > 0) {
                add(entry);
            }
        }
    }

    /** Lengths and places of all paths; those that are left out or too long have the length 0. */
    private long measure() {
        long end = 0;
        for (int entry = 1; entry < manifest.entryCount(); entry++) {
            int parent = parents[entry];
            boolean listed = layout.node(entry) != ImageLayout.NO_NODE && (parent == 0 || lengths[parent] > 0);
            int length = (parent == 0 ? 0 : lengths[parent] + 1) + manifest.nameLength(entry);
            if (listed && length <= ImageFormat.MAX_PATH_BYTES) {
                lengths[entry] = length;
                offsets[entry] = end;
                end += (length + ImageFormat.PATH_ALIGNMENT - 1) & -ImageFormat.PATH_ALIGNMENT;
                pathCount++;
            }
        }
        return end;
    }

    private void add(int entry) {
        int parent = parents[entry];
        if (parent != prefixOf) {
            prefixOf = parent;
            prefixLength = lengths[parent];
            MemorySegment.copy(paths, ValueLayout.JAVA_BYTE, offsets[parent], path, 0, prefixLength);
            if (prefixLength > 0) {
                path[prefixLength++] = '/';
            }
        }
        manifest.copyName(entry, path, prefixLength);
        int length = lengths[entry];
        MemorySegment.copy(path, 0, paths, ValueLayout.JAVA_BYTE, offsets[entry], length);
        long hash = hasher.hashBytesToLong(path, 0, length);
        long mask = (1L << slotShift) - 1;
        long slot = hash & mask;
        while (slots.get(ValueLayout.JAVA_SHORT, (slot << ImageFormat.SLOT_SHIFT) + PATH_LENGTH) != 0) {
            slot = (slot + 1) & mask;
        }
        long at = slot << ImageFormat.SLOT_SHIFT;
        int inode = manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
        slots.set(ValueLayout.JAVA_INT, at, (int) (hash >>> 32));
        slots.set(ValueLayout.JAVA_INT, at + NID, layout.node(entry));
        slots.set(ValueLayout.JAVA_INT, at + PATH_OFFSET, (int) (offsets[entry] >>> ImageFormat.PATH_SHIFT));
        slots.set(ValueLayout.JAVA_SHORT, at + PATH_LENGTH, (short) length);
        slots.set(ValueLayout.JAVA_BYTE, at + FILE_TYPE, (byte) ErofsFormat.fileType(manifest.kind(inode)));
    }

    MemorySegment slots() {
        return slots;
    }

    MemorySegment paths() {
        return paths.asSlice(0, paths.byteSize() & -ImageFormat.PATH_ALIGNMENT);
    }

    int slotShift() {
        return slotShift;
    }

    int pathCount() {
        return pathCount;
    }
}

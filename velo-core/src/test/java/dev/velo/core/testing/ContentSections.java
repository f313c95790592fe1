package dev.velo.core.testing;

import dev.velo.core.testing.HostileTree.Feature;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/** The parts of {@link HostileTree} that are about bytes: sizes, large, sparse, copies. */
final class ContentSections {
    private static final int[] SIZES = {0, 1, 511, 512, 513, 4095, 4096, 4097, 65535, 65536, 65537};
    private static final int MIB = 1 << 20;
    private static final int[] LARGE_SIZES = {MIB - 1, MIB, MIB + 1, 3 * MIB + 7, 5 * MIB};
    private static final int DATA_BYTES = 128 << 10;
    private static final long GIB = 1L << 30;

    private final long seed;
    private final Set<Feature> features;

    ContentSections(long seed, Set<Feature> features) {
        this.seed = seed;
        this.features = features;
    }

    /** The bytes that belong to a seed and a number; different numbers give different bytes. */
    static byte[] content(long seed, long number, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed * 1_000_003 + number).nextBytes(bytes);
        return bytes;
    }

    void addTo(TreeDirectory top) throws IOException {
        try (TreeDirectory sizes = top.directory("sizes")) {
            for (int size : SIZES) {
                sizes.file("size-" + size, content(seed, size, size), Stamp.plain(0644));
            }
        }
        try (TreeDirectory large = top.directory("large")) {
            for (int size : LARGE_SIZES) {
                if (size == MIB + 1 || features.contains(Feature.LARGE_FILES)) {
                    large.file("size-" + size, content(seed, size, size), Stamp.plain(0644));
                }
            }
        }
        addSparse(top);
        addCopies(top);
    }

    private void addSparse(TreeDirectory top) throws IOException {
        byte[] data = content(seed, -1, DATA_BYTES);
        try (TreeDirectory sparse = top.directory("sparse")) {
            sparse(sparse, "hole-first", MIB + DATA_BYTES, data, MIB);
            sparse(sparse, "hole-middle", MIB + DATA_BYTES, data, 0, MIB);
            sparse(sparse, "hole-last", MIB, data, 0);
            sparse(sparse, "hole-only", 2 * MIB, data);
            sparse(sparse, "hole-only-odd", 70_001, data);
            sparse(sparse, "hole-of-one-byte", 1, data);
            sparse(sparse, "holes-between", 3 * MIB + 1, data, 4096, MIB + 4096, 2 * MIB);
            sparse.file("zeros-written", new byte[MIB], Stamp.plain(0644));
            byte[] crooked = content(seed, -2, 4 * DATA_BYTES);
            Arrays.fill(crooked, 1000, 1000 + 3 * DATA_BYTES, (byte) 0);
            sparse.file("zeros-crooked", crooked, Stamp.plain(0644));
            if (features.contains(Feature.HUGE_SPARSE_FILE)) {
                long length = 4 * GIB + 12_345;
                sparse(sparse, "huge", length, data, 0, 3 * GIB, 4 * GIB - 4096);
            }
        }
    }

    private static void sparse(TreeDirectory directory, String name, long length, byte[] data, long... offsets)
            throws IOException {
        try (TreeFile file = directory.file(TreeDirectory.bytes(name))) {
            file.extendTo(length);
            for (long offset : offsets) {
                file.write(offset, data, 0, (int) Math.min(data.length, length - offset));
            }
            file.stamp(Stamp.plain(0644));
        }
    }

    private void addCopies(TreeDirectory top) throws IOException {
        byte[] small = content(seed, -3, 777);
        byte[] large = content(seed, -4, 66_000);
        try (TreeDirectory copies = top.directory("copies");
                TreeDirectory elsewhere = copies.directory("elsewhere")) {
            for (TreeDirectory place : new TreeDirectory[] {copies, elsewhere}) {
                for (String name : new String[] {"a", "b"}) {
                    place.file("small-" + name, small, Stamp.plain(0644));
                    place.file("large-" + name, large, Stamp.plain(0644));
                }
                place.file("small-executable", small, Stamp.plain(0755));
                place.file("small-later", small, Stamp.plain(0644).at(1_700_000_000, 1));
                place.file("small-attributed", small, Stamp.plain(0644).with("user.kind", new byte[] {7}));
                place.file("empty-a", new byte[0], Stamp.plain(0644));
                place.file("empty-b", new byte[0], Stamp.plain(0600));
            }
        }
    }
}

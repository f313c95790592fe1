package dev.velo.core.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The packs that the tests are about, and their opening as a store does it.
 *
 * <pre>
 * small, offsets      0 header   512 "hello"   1024 "second"   1536 zeros   4096 index   footer
 * large               0 header   512 "hello"   1024 zeros   4096 65,537 bytes   69,633 zeros   73,728 index   footer
 * compressed          0 header   512 "hello"   1024 block of 100 "a"   1536 "second"   2048 zeros   4096 index   footer
 * empty               0 header   512 zeros   4096 index   footer
 * </pre>
 */
public final class PackFixture {
    private PackFixture() {}

    static byte[] empty() {
        return pack(List.of());
    }

    static byte[] small() {
        return pack(List.of(bytes("hello"), bytes("second")));
    }

    static byte[] large() {
        byte[] large = new byte[PackFormat.LARGE_BYTES + 1];
        Arrays.fill(large, (byte) 'L');
        return pack(List.of(bytes("hello"), large));
    }

    /** An LZ4 block as one writes it by hand: "a", then 94 bytes from one byte before, then five more as they are. */
    static final byte[] BLOCK_OF_A = {0x1f, 'a', 1, 0, 94 - 4 - 15, 0x50, 'a', 'a', 'a', 'a', 'a'};

    static byte[] compressed() {
        Blob block = new Blob(ManifestFixture.digest("a".repeat(100)), BLOCK_OF_A, 100);
        return packOf(List.of(Blob.raw(bytes("hello")), block, Blob.raw(bytes("second"))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A pack of these blobs, in this order. */
    public static byte[] pack(List<byte[]> blobs) {
        return packOf(blobs.stream().map(Blob::raw).toList());
    }

    /**
     * What stands in a pack, and what its index says of it, whether that is so or not.
     *
     * @param stored what is in the pack: the blob, or an LZ4 block that is shorter
     * @param length of the blob
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Blob(Digest digest, byte[] stored, long length) {
        static Blob raw(byte[] bytes) {
            return new Blob(Digest.of(Hashing.sha256().digest(bytes), 0), bytes, bytes.length);
        }

        private int alignment() {
            return stored.length == length ? PackFormat.alignment(length) : PackFormat.BLOCK_BYTES;
        }
    }

    /** A pack of these blobs, in this order. */
    public static byte[] packOf(List<Blob> blobs) {
        try (Arena arena = Arena.ofConfined()) {
            PackIndexBuilder index = new PackIndexBuilder(16);
            List<byte[]> parts = new ArrayList<>();
            parts.add(PackIndexBuilder.header(arena).toArray(ValueLayout.JAVA_BYTE));
            long end = PackFormat.FIRST_BLOB;
            for (Blob blob : blobs) {
                end = pad(parts, end, blob.alignment());
                Digest digest = blob.digest();
                index.add(
                        digest.word0(),
                        digest.word1(),
                        digest.word2(),
                        digest.word3(),
                        end,
                        blob.length(),
                        blob.stored().length);
                parts.add(blob.stored());
                end += blob.stored().length;
            }
            end = pad(parts, end, PackFormat.PAGE_BYTES);
            parts.add(index.indexAndFooter(arena, end).toArray(ValueLayout.JAVA_BYTE));
            return ManifestParts.concat(parts.toArray(byte[][]::new));
        }
    }

    /** The id that a pack says it has. */
    public static Digest id(byte[] pack) throws FormatException {
        MemorySegment all = MemorySegment.ofArray(pack);
        MemorySegment footer = all.asSlice(pack.length - PackFormat.FOOTER_BYTES);
        return PackFooter.read("test.pack", pack.length, all.asSlice(0, PackFormat.FIRST_BLOB), footer)
                .id();
    }

    private static long pad(List<byte[]> parts, long end, int alignment) {
        long aligned = PackFormat.align(end, alignment);
        parts.add(new byte[(int) (aligned - end)]);
        return aligned;
    }

    /** Checks what opening checks. */
    static PackIndex open(byte[] pack) throws FormatException {
        String file = "test.pack";
        if (pack.length < PackFooter.MIN_PACK_BYTES) {
            Reason reason = pack.length == 0 ? Reason.EMPTY : Reason.TRUNCATED;
            throw new FormatException(file, pack.length, reason, "a pack has more bytes");
        }
        MemorySegment all = MemorySegment.ofArray(pack);
        PackFooter footer = PackFooter.read(
                file,
                pack.length,
                all.asSlice(0, PackFormat.FIRST_BLOB),
                all.asSlice(pack.length - PackFormat.FOOTER_BYTES, PackFormat.FOOTER_BYTES));
        return footer.index(file, all.asSlice(footer.indexOffset(), footer.indexLength()));
    }

    /** Checks everything but the blobs. */
    static PackIndex verify(byte[] pack) throws FormatException {
        PackIndex index = open(pack);
        index.requireSound();
        return index;
    }

    static byte[] blob(byte[] pack, PackIndex index, int entry) {
        int from = (int) index.offset(entry);
        return Arrays.copyOfRange(pack, from, from + (int) index.length(entry));
    }
}

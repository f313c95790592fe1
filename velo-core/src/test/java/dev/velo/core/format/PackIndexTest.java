package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Builder and reader of an index against a sorted map. */
class PackIndexTest {
    private record Place(long offset, long length, long stored) {}

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 255, 256, 257, 1024, 1025, 5000})
    void findsWhatWasAddedAndNothingElse(int count) throws FormatException {
        SplittableRandom random = new SplittableRandom(count);
        List<Digest> digests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            digests.add(new Digest(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
        }
        requireSameAsMap(digests, random);
    }

    @Test
    void digestsThatBeginAlikeAreOrderedByTheirLaterBytes() throws FormatException {
        SplittableRandom random = new SplittableRandom(5);
        List<Digest> digests = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long fiveBytes = 0xfedcba9876000000L | random.nextInt(1 << 24);
            digests.add(new Digest(fiveBytes, random.nextLong(), 0, 0));
            digests.add(new Digest(0x7fffffffffffffffL, random.nextLong(), 0, 0));
            digests.add(new Digest(0x8000000000000000L, -1, -1, i));
            digests.add(new Digest(-1, -1, i, 0));
        }
        requireSameAsMap(digests, random);
    }

    private static void requireSameAsMap(List<Digest> digests, SplittableRandom random) throws FormatException {
        TreeMap<Digest, Place> map = new TreeMap<>();
        PackIndexBuilder builder = new PackIndexBuilder(16);
        long offset = PackFormat.FIRST_BLOB;
        for (Digest digest : digests) {
            long length = 1L + random.nextInt(100_000);
            long stored = random.nextInt(3) > 0 ? length : 1 + length * random.nextInt(1, 255) / 255;
            boolean isCompressed = stored < length;
            int alignment = isCompressed ? PackFormat.BLOCK_BYTES : PackFormat.alignment(length);
            stored = isCompressed ? stored : length;
            offset = PackFormat.align(offset, alignment);
            builder.add(digest.word0(), digest.word1(), digest.word2(), digest.word3(), offset, length, stored);
            map.put(digest, new Place(offset, length, stored));
            offset += stored;
        }
        assertThat(map).hasSize(digests.size());
        try (Arena arena = Arena.ofConfined()) {
            PackIndex index = index(builder, arena, PackFormat.align(offset, PackFormat.PAGE_BYTES));
            index.requireSound();
            int entry = 0;
            for (Digest digest : map.keySet()) {
                assertThat(index.digest(entry)).isEqualTo(digest);
                assertThat(index.find(digest)).isEqualTo(entry);
                Place place = new Place(index.offset(entry), index.length(entry), index.storedLength(entry));
                assertThat(place).isEqualTo(map.get(digest));
                assertThat(index.isRaw(entry)).isEqualTo(place.length() == place.stored());
                requireAbsentNeighbours(index, map, digest);
                entry++;
            }
            assertThat(index.count()).isEqualTo(entry);
        }
    }

    private static void requireAbsentNeighbours(PackIndex index, Map<Digest, Place> map, Digest digest) {
        for (int step = -1; step <= 1; step += 2) {
            Digest near = new Digest(digest.word0(), digest.word1(), digest.word2(), digest.word3() + step);
            Digest far = new Digest(digest.word0() + step, digest.word1(), digest.word2(), digest.word3());
            for (Digest other : List.of(near, far)) {
                if (!map.containsKey(other)) {
                    assertThat(index.find(other)).isEqualTo(-1);
                }
            }
        }
    }

    private static PackIndex index(PackIndexBuilder builder, Arena arena, long indexOffset) throws FormatException {
        MemorySegment tail = builder.indexAndFooter(arena, indexOffset);
        long indexLength = tail.byteSize() - PackFormat.FOOTER_BYTES;
        PackFooter footer = PackFooter.read(
                "test.pack", indexOffset + tail.byteSize(), PackIndexBuilder.header(arena), tail.asSlice(indexLength));
        assertThat(footer.id()).isEqualTo(PackIndexBuilder.idOf(tail));
        return footer.index("test.pack", tail.asSlice(0, indexLength));
    }

    @Test
    void blocksAreUnsigned() throws FormatException {
        PackIndexBuilder builder = new PackIndexBuilder(16);
        long offset = 0xfffffff0L << PackFormat.BLOCK_SHIFT;
        builder.add(1, 2, 3, 4, offset, 5);
        try (Arena arena = Arena.ofConfined()) {
            PackIndex index = index(builder, arena, PackFormat.MAX_BYTES);
            index.requireSound();
            assertThat(index.offset(0)).isEqualTo(offset);
        }
    }
}

package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackDamageTest {
    private static final int INDEX = 4096;

    @Test
    void everyFlippedBitOfHeaderIndexAndFooterIsNoticedAtOpen() {
        byte[] whole = PackFixture.small();
        for (int at = 0; at < whole.length; at = at == PackFormat.FIRST_BLOB - 1 ? INDEX : at + 1) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> PackFixture.open(damaged))
                        .as("byte %d", at)
                        .isInstanceOf(FormatException.class);
            }
        }
    }

    @Test
    void everyFlippedByteOfABlobMakesItsDigestWrong() throws FormatException {
        byte[] whole = PackFixture.small();
        for (int at = PackFormat.FIRST_BLOB; at < INDEX; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            PackIndex index = PackFixture.verify(damaged);
            for (int entry = 0; entry < index.count(); entry++) {
                boolean inside = at >= index.offset(entry) && at < index.offset(entry) + index.length(entry);
                Digest now = Digest.of(Hashing.sha256().digest(PackFixture.blob(damaged, index, entry)), 0);
                assertThat(now.equals(index.digest(entry))).as("byte %d", at).isEqualTo(!inside);
            }
        }
    }

    @Test
    void everyTruncationIsNoticedAtOpen() {
        byte[] whole = PackFixture.small();
        for (int length = 0; length < whole.length; length++) {
            byte[] damaged = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> PackFixture.open(damaged))
                    .as("length %d", length)
                    .isInstanceOf(FormatException.class);
        }
    }

    /** With checksums put right: an index that is accepted leads to no byte outside the blobs. */
    @Test
    void changedIndexesAreRefusedOrLeadInside() {
        byte[] whole = PackFixture.small();
        SplittableRandom random = new SplittableRandom(99);
        for (int i = 0; i < FuzzIterations.count(); i++) {
            PackParts parts = new PackParts(whole);
            for (int change = 1 + random.nextInt(3); change > 0; change--) {
                boolean inEntries = random.nextInt(4) > 0;
                int from = inEntries ? parts.entry(0, "digest") : INDEX;
                int to = inEntries ? parts.footer("magic") : parts.entry(0, "digest");
                parts.setByte(from + random.nextInt(to - from), random.nextInt(256));
            }
            requireRefusedOrInside(parts.sealed());
        }
    }

    @Test
    void changedFootersAreRefusedOrLeadInside() {
        byte[] whole = PackFixture.small();
        int footer = new PackParts(whole).footer("magic");
        for (int at = footer; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                requireRefusedOrInside(new PackParts(whole).setByte(at, value).sealed());
            }
        }
    }

    private static void requireRefusedOrInside(byte[] pack) {
        try {
            PackIndex unverified = PackFixture.open(pack);
            unverified.find(ManifestFixture.digest("hello"));
            PackIndex index = PackFixture.verify(pack);
            for (int entry = 0; entry < index.count(); entry++) {
                assertThat(index.find(index.digest(entry))).isEqualTo(entry);
                assertThat(index.offset(entry)).isBetween(512L, 4095L);
                assertThat(index.offset(entry) + index.storedLength(entry)).isLessThanOrEqualTo(INDEX);
                assertThat(index.length(entry)).isBetween(1L, 255 * index.storedLength(entry));
            }
        } catch (FormatException e) {
            assertThat(e.reason()).isNotNull();
        }
    }
}

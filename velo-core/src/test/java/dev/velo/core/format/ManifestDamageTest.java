package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever happens to a manifest, it is refused with a reason or it is another canonical manifest. */
class ManifestDamageTest {
    private static final int[] TEMPTING = {
        0, 1, 2, -1, 0x7f, 0x80, 0xff, 4095, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] whole = ManifestFixture.everything();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> ManifestFixture.read(damaged))
                    .as("bit %d", bit)
                    .isInstanceOf(FormatException.class);
        }
    }

    @Test
    void everyTruncationIsNoticed() {
        byte[] whole = ManifestFixture.everything();
        for (int length = 0; length < whole.length; length++) {
            byte[] damaged = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ManifestFixture.read(damaged))
                    .as("length %d", length)
                    .isInstanceOfSatisfying(
                            FormatException.class,
                            refusal -> assertThat(refusal.reason()).isIn(Reason.EMPTY, Reason.TRUNCATED));
        }
    }

    /** With the checksum put right, so that the deeper checks are reached. */
    @Test
    void everyChangedByteWithARightChecksumIsRefusedOrCanonical() {
        byte[] whole = ManifestFixture.everything();
        for (int at = ManifestFormat.CHECKED_FROM; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] damaged = whole.clone();
                damaged[at] = (byte) value;
                requireRefusedOrCanonical(ManifestParts.sealed(damaged));
            }
        }
    }

    @Test
    void severalChangesWithARightChecksumAreRefusedOrCanonical() {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < FuzzIterations.count(); i++) {
            byte[] damaged = ManifestFixture.everything();
            int changes = 2 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                int at = ManifestFormat.CHECKED_FROM
                        + random.nextInt((damaged.length - ManifestFormat.CHECKED_FROM) / 4) * 4;
                if (random.nextBoolean()) {
                    ManifestParts.little(damaged).putInt(at, TEMPTING[random.nextInt(TEMPTING.length)]);
                } else {
                    damaged[at + random.nextInt(4)] += (byte) (random.nextInt(5) - 2);
                }
            }
            requireRefusedOrCanonical(ManifestParts.sealed(damaged));
        }
    }

    @Test
    void noiseBehindARightHeaderIsRefused() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < FuzzIterations.count(); i++) {
            byte[] noise = ManifestFixture.everything();
            byte[] bytes = new byte[noise.length - ManifestFormat.HEADER_BYTES];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, noise, ManifestFormat.HEADER_BYTES, bytes.length);
            assertThatThrownBy(() -> ManifestFixture.read(ManifestParts.sealed(noise)))
                    .isInstanceOf(FormatException.class);
        }
    }

    private static void requireRefusedOrCanonical(byte[] bytes) {
        try {
            Manifest manifest = ManifestFixture.read(bytes);
            assertThat(ManifestText.of(manifest)).isNotEmpty();
            assertThat(ManifestText.rebuilt(manifest)).isEqualTo(bytes);
        } catch (FormatException e) {
            assertThat(e.reason()).isNotNull();
        }
    }
}

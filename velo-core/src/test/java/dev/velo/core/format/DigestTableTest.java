package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DigestTableTest {
    @Test
    void numbersDigestsAsAMapDoes() {
        SplittableRandom random = new SplittableRandom(3);
        Map<Digest, Integer> map = new HashMap<>();
        DigestTable table = new DigestTable(0);
        for (int i = 0; i < 20_000; i++) {
            // few first words, so that chains are long and the later words decide
            Digest digest = new Digest(random.nextInt(3000), random.nextInt(2), 0, random.nextInt(2));
            int expected = map.getOrDefault(digest, -1);
            assertThat(table.find(digest.word0(), digest.word1(), digest.word2(), digest.word3()))
                    .isEqualTo(expected);
            map.putIfAbsent(digest, map.size());
            assertThat(table.add(digest.word0(), digest.word1(), digest.word2(), digest.word3()))
                    .isEqualTo(map.get(digest));
            assertThat(table.size()).isEqualTo(map.size());
        }
        map.forEach((digest, number) -> {
            assertThat(table.digest(number)).isEqualTo(digest);
            assertThat(table.word(number, 3)).isEqualTo(digest.word3());
        });
    }

    @Test
    void theZeroDigestIsADigest() {
        DigestTable table = new DigestTable(4);
        assertThat(table.find(0, 0, 0, 0)).isEqualTo(-1);
        assertThat(table.add(0, 0, 0, 0)).isZero();
        assertThat(table.find(0, 0, 0, 0)).isZero();
    }
}

package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LockSketchTest {
    private static LockSketch sketch(int from, int to) {
        String text = IntStream.range(from, to)
                .mapToObj(line -> "  \"package-" + line + "\": \"1." + line * 7919 % 101 + ".0\",\n")
                .collect(Collectors.joining());
        return LockSketch.of(List.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theShareOfCommonLinesIsEstimated() {
        LockSketch whole = sketch(0, 2000);

        assertThat(whole.likeness(sketch(0, 2000))).isEqualTo(1);
        assertThat(whole.likeness(sketch(1, 2001))).isGreaterThan(0.9);
        // 1000 of 3000 lines are in both
        assertThat(whole.likeness(sketch(1000, 3000))).isCloseTo(0.33, within(0.2));
        assertThat(whole.likeness(sketch(2000, 4000))).isLessThan(0.1);
    }

    @Test
    void itIsTheSameAsText() {
        LockSketch sketch = sketch(0, 50);

        assertThat(LockSketch.parse(sketch.text()).likeness(sketch)).isEqualTo(1);
        assertThatThrownBy(() -> LockSketch.parse("ab")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LockSketch.parse("x".repeat(1024))).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever somebody writes for a number on the command line, it is read or refused. */
class ArgumentFuzzTest {
    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    @Test
    void sizes() throws IOException {
        Fuzz.of("size")
                .with("1", "4k", "1.5GiB", "999999999999999T", "0.000000001b", "128 MiB")
                .run(input ->
                        assertThat(Sizes.of(Sizes.parse("--size", text(input)))).isNotEmpty());
    }

    @Test
    void durations() throws IOException {
        Fuzz.of("duration").with("90s", "30m", "7d", "999999999w", "0h").run(input -> {
            Optional<Duration> duration = Durations.of(text(input));
            assertThat(duration.map(Duration::isNegative).orElse(false)).isFalse();
        });
    }
}

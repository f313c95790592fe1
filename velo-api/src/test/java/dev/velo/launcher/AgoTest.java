package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long ago something was. */
final class AgoTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @ParameterizedTest
    @CsvSource({
        "0,0 s",
        "59,59 s",
        "60,1 min",
        "3599,59 min",
        "3600,1 h",
        "86399,23 h",
        "86400,1 d",
        "864000,10 d",
        "-30,0 s",
        "-61,future"
    })
    void ofSeconds(long seconds, String said) {
        assertThat(Ago.of(NOW.minusSeconds(seconds), NOW)).isEqualTo(said);
    }

    @Test
    void whatNeverWasIsADash() {
        assertThat(Ago.of(null, NOW)).isEqualTo("-");
    }
}

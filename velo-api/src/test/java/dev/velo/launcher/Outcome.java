package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What became of a process. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outcome(int status, byte[] output, byte[] errors) {
    String text() {
        return new String(output, StandardCharsets.UTF_8);
    }

    /** One character for each byte of the output. */
    String bytes() {
        return new String(output, StandardCharsets.ISO_8859_1);
    }

    List<String> lines() {
        return text().lines().toList();
    }

    String complaint() {
        return new String(errors, StandardCharsets.UTF_8);
    }

    /** It ended with this status. */
    Outcome ended(int expected) {
        assertThat(status)
                .as("status; output <%s>, errors <%s>", text(), complaint())
                .isEqualTo(expected);
        return this;
    }

    /** It ended with status 0 and complained of nothing. */
    Outcome succeeded() {
        ended(0);
        assertThat(complaint()).isEmpty();
        return this;
    }

    /** It ended with this status, and said why in one sentence that holds these parts. */
    Outcome failed(int expected, String... parts) {
        ended(expected);
        assertThat(complaint()).startsWith("velo: ").doesNotContain("Exception", "\tat ");
        for (String part : parts) {
            assertThat(complaint()).contains(part);
        }
        assertThat(complaint().lines().filter(line -> !line.startsWith("Try: velo ")))
                .as("lines of a complaint")
                .hasSize(1);
        return this;
    }
}

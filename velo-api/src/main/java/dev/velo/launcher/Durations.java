package dev.velo.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them. */
final class Durations {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhdw])");

    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private Durations() {}

    /**
     * What the value of {@code --older-than} means; a number alone is one of seconds.
     *
     * @throws IOException in one sentence, if it is no length of time
     */
    static Duration olderThan(String text) throws IOException {
        Optional<Duration> age = of(text.matches("[0-9]+") ? text + "s" : text);
        if (age.isEmpty()) {
            throw new IOException("--older-than " + Terminal.decoded(text)
                    + " is no length of time; write it as 90s, 30m, 2h, 7d or 2w");
        }
        return age.get();
    }

    /** What a text such as {@code 90s}, {@code 30m}, {@code 2h}, {@code 7d} or {@code 2w} means; nothing if it is none. */
    static Optional<Duration> of(String text) {
        Matcher matcher = DURATION.matcher(text);
        return matcher.matches()
                ? Optional.ofNullable(UNITS.get(matcher.group(2)))
                        .map(unit -> unit.multipliedBy(Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }
}

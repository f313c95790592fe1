package dev.velo.launcher;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them. */
final class Durations {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhdw]?)");

    private static final Map<String, Duration> UNITS = Map.of(
            "", Duration.ofSeconds(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.of(1, ChronoUnit.DAYS),
            "w", Duration.ofDays(7));

    private Durations() {}

    /** What a text such as {@code 90s}, {@code 30m}, {@code 2h}, {@code 7d} or {@code 2w} means. */
    static Duration parse(String option, String text) throws IOException {
        Matcher matcher = DURATION.matcher(text);
        Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IOException(option + " " + Terminal.decoded(text)
                    + " is no length of time; write it as 90s, 30m, 2h, 7d or 2w");
        }
        return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    }
}

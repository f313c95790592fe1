package dev.velo.launcher;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Byte counts as people read them. */
final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)([kKmMgGtT]?)(?:i?[bB])?");

    private Sizes() {}

    static String of(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** The bytes that a text such as {@code 512m} or {@code 1.5GiB} means: powers of 1024, by the first letter of the unit. */
    static long parse(String option, String text) throws IOException {
        Matcher matcher = SIZE.matcher(text);
        double bytes = 0;
        if (matcher.matches()) {
            int power = matcher.group(2).isEmpty()
                    ? 0
                    : 1 + "kmgt".indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
            bytes = Double.parseDouble(matcher.group(1)) * Math.pow(1024, power);
        }
        if (bytes < 1 || bytes > Long.MAX_VALUE / 2.0) {
            throw new IOException(option + " " + Terminal.decoded(text) + " is no size; write it as 512m or 2g");
        }
        return (long) bytes;
    }
}

package dev.velo.core.tar;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records that a pax header adds to the entry behind it: {@code LENGTH KEY=VALUE\n} each. Values are bytes, as those of extended
 * attributes must be. Source: pax(1), and "Storing Sparse Files" of the manual of GNU tar.
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords("", Map.of());

    private static final int LENGTH_DIGITS = 10;
    private static final int NANO_DIGITS = 9;

    /** Between the shortest and the longest time there is, with room; no number is computed from more. */
    private static final String TIME = "-?[0-9]{1,18}(\\.[0-9]{0,30})?";

    private static final String SPARSE_OFFSET = "GNU.sparse.offset";
    private static final String SPARSE_LENGTH = "GNU.sparse.numbytes";
    private static final String SPARSE_MAP = "GNU.sparse.map";

    private final String file;
    private final Map<String, byte[]> records;

    private PaxRecords(String file, Map<String, byte[]> records) {
        this.file = file;
        this.records = records;
    }

    /** The records of a header's contents, which stand at this offset of the archive. */
    static PaxRecords parse(String file, long offset, byte[] contents) throws FormatException {
        Map<String, byte[]> records = new LinkedHashMap<>();
        int at = 0;
        while (at < contents.length) {
            int space = indexOf(contents, (byte) ' ', at, Math.min(contents.length, at + LENGTH_DIGITS));
            String digits = space < 0 ? "" : new String(contents, at, space - at, StandardCharsets.ISO_8859_1);
            long end = digits.matches("[0-9]+") ? at + Long.parseLong(digits) : -1;
            int equals = end > contents.length || end <= space ? -1 : indexOf(contents, (byte) '=', space, (int) end);
            if (equals < 0 || contents[(int) end - 1] != '\n') {
                throw new FormatException(file, offset + at, Reason.BAD_LENGTH, "a record of a pax header");
            }
            String key = new String(contents, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
            add(records, key, Arrays.copyOfRange(contents, equals + 1, (int) end - 1));
            at = (int) end;
        }
        return new PaxRecords(file, records);
    }

    /** The oldest form of sparse files repeats two keys, whose order counts; it becomes the next one, which does not. */
    private static void add(Map<String, byte[]> records, String key, byte[] value) {
        if (key.equals(SPARSE_OFFSET) || key.equals(SPARSE_LENGTH)) {
            byte[] before = records.get(SPARSE_MAP);
            records.put(
                    SPARSE_MAP,
                    before == null ? value : PathBytes.concat(PathBytes.concat(before, PathBytes.of(",")), value));
        } else {
            records.put(key, value);
        }
    }

    private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** These records over those of an archive as a whole; an empty one takes the other's effect away. */
    PaxRecords over(PaxRecords global) {
        if (global.records.isEmpty()) {
            return this;
        }
        Map<String, byte[]> both = new LinkedHashMap<>(global.records);
        both.putAll(records);
        return new PaxRecords(file, both);
    }

    byte @Nullable [] bytes(String key) {
        byte[] value = records.get(key);
        return value == null || value.length == 0 ? null : value;
    }

    /** All whose keys begin with this, by the rest of the key, also empty ones. */
    Map<String, byte[]> below(String prefix) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        records.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private String text(String key, String fallback) {
        byte[] value = bytes(key);
        return value == null ? fallback : new String(value, StandardCharsets.ISO_8859_1);
    }

    /** A decimal number, or what the header says. */
    long number(String key, long offset, long fallback) throws FormatException {
        String text = text(key, "");
        if (text.isEmpty()) {
            return fallback;
        }
        if (!text.matches("-?[0-9]{1,18}")) {
            throw new FormatException(file, offset, Reason.BAD_LENGTH, key + " that is no number");
        }
        return Long.parseLong(text);
    }

    /** A time in seconds with any number of decimals, cut off behind the ninth. */
    BigDecimal time(String key, long offset, long fallback) throws FormatException {
        String text = text(key, Long.toString(fallback));
        if (!text.matches(TIME)) {
            throw new FormatException(file, offset, Reason.BAD_LENGTH, key + " that is no time");
        }
        return new BigDecimal(text).setScale(NANO_DIGITS, RoundingMode.FLOOR);
    }
}

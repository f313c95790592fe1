package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The mounts that this process sees, as {@code /proc/self/mountinfo} tells them: in the order in which they were made, not attached. */
public final class MountTable {
    private static final String UPPER = "upperdir=";
    private static final int FIELDS = 5;
    private static final int ESCAPE = 4;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /** A mount: its number and that of the mount it lies on, which directory of its file system it shows, where it is, of which type, what it calls its source, and the options of its file system as they stand there. */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    public record Mount(int id, int parent, byte[] root, byte[] point, String type, byte[] source, String options) {
        /** Whether this is an overlay over that upper. */
        boolean writesTo(byte[] upper) {
            for (String option : options.split(",", -1)) {
                if (type.equals(OverlayOptions.TYPE) && option.startsWith(UPPER)) {
                    byte[] told = decode(option.substring(UPPER.length()));
                    // as it was written, with the backslashes of overlay's own
                    return Arrays.equals(told, upper) || Arrays.equals(told, OverlayOptions.escape(upper));
                }
            }
            return false;
        }
    }

    private final List<Mount> mounts = new ArrayList<>();

    private MountTable(String text) {
        // carriage returns in names are not escaped
        for (String line : text.split("\n", -1)) {
            Mount mount = parse(line);
            if (mount != null) {
                mounts.add(mount);
            }
        }
    }

    public static MountTable read() throws IOException {
        return of(Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1));
    }

    /** A table in which each character stands for one byte. */
    public static MountTable of(String text) {
        return new MountTable(text);
    }

    /** All of them, covered ones too. */
    public List<Mount> mounts() {
        return List.copyOf(mounts);
    }

    /** The mount that is to be seen at this path, or null if none begins there. */
    @Nullable
    Mount at(byte[] point) {
        List<Mount> here = new ArrayList<>();
        Set<Integer> covered = new HashSet<>();
        for (Mount mount : mounts) {
            if (Arrays.equals(mount.point(), point)) {
                here.add(mount);
                covered.add(mount.parent());
            }
        }
        here.removeIf(mount -> covered.contains(mount.id()));
        return here.isEmpty() ? null : here.getLast();
    }

    /** Whether something is mounted at this path. */
    public boolean begins(byte[] point) {
        return at(point) != null;
    }

    /** An overlay that writes to this directory, or null. */
    @Nullable
    Mount writingTo(byte[] upper) {
        for (Mount mount : mounts) {
            if (mount.writesTo(upper)) {
                return mount;
            }
        }
        return null;
    }

    /** {@code number parent device ROOT POINT options [tags] - TYPE SOURCE OPTIONS}; null for what is no such line. */
    private static @Nullable Mount parse(String line) {
        int dash = line.indexOf(" - ");
        if (dash < 0) {
            return null;
        }
        String[] before = line.substring(0, dash).split(" ", -1);
        String[] after = line.substring(dash + 3).split(" ", 3);
        if (before.length < FIELDS || after.length < 2 || !isNumber(before[0]) || !isNumber(before[1])) {
            return null;
        }
        return new Mount(
                Integer.parseInt(before[0]),
                Integer.parseInt(before[1]),
                decode(before[3]),
                decode(before[4]),
                after[0],
                decode(after[1]),
                after.length > 2 ? after[2] : "");
    }

    private static boolean isNumber(String field) {
        return NUMBER.matcher(field).matches();
    }

    /** A backslash and three octal digits stand for a byte that would end a field. */
    private static byte[] decode(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        for (int i = 0; i < field.length(); i++) {
            if (isEscape(field, i)) {
                bytes.write(Integer.parseInt(field.substring(i + 1, i + ESCAPE), 8));
                i += ESCAPE - 1;
            } else {
                bytes.writeBytes(PathBytes.of(field.substring(i, i + 1)));
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isEscape(String field, int at) {
        if (field.charAt(at) != '\\' || at + ESCAPE > field.length()) {
            return false;
        }
        for (int i = at + 1; i < at + ESCAPE; i++) {
            if (field.charAt(i) < '0' || field.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }
}

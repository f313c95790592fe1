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
import org.jspecify.annotations.Nullable;

/** The mounts that this process sees, as {@code /proc/self/mountinfo} tells them: in the order in which they were made, not attached. */
public final class MountTable {
    private static final String UPPER = "upperdir=";

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
        text.lines().forEach(line -> mounts.add(parse(line)));
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

    /** {@code number parent device ROOT POINT options [tags] - TYPE SOURCE OPTIONS}. */
    private static Mount parse(String line) {
        String[] before = line.substring(0, line.indexOf(" - ")).split(" ", -1);
        String[] after = line.substring(line.indexOf(" - ") + 3).split(" ", 3);
        return new Mount(
                Integer.parseInt(before[0]),
                Integer.parseInt(before[1]),
                decode(before[3]),
                decode(before[4]),
                after[0],
                decode(after[1]),
                after.length > 2 ? after[2] : "");
    }

    /** A backslash and three octal digits stand for a byte that would end a field. */
    private static byte[] decode(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                bytes.writeBytes(PathBytes.of(field.substring(i, i + 1)));
            }
        }
        return bytes.toByteArray();
    }
}

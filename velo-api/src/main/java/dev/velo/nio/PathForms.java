package dev.velo.nio;

import dev.velo.core.tree.PathBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Paths rewritten by their names alone. */
final class PathForms {
    private static final byte[] ROOT = PathBytes.of("/");

    private PathForms() {}

    /** Whether no name is {@code .} or {@code ..}. */
    static boolean isPlain(byte[] path) {
        for (byte[] name : PathBytes.names(path)) {
            if (isDot(name) || isDotDot(name)) {
                return false;
            }
        }
        return true;
    }

    /** Without {@code .}, and without names that are followed by {@code ..}; what leads above the start of a relative path stays. */
    static byte[] normalize(byte[] path) {
        boolean absolute = PathBytes.isAbsolute(path);
        List<byte[]> kept = new ArrayList<>();
        for (byte[] name : PathBytes.names(path)) {
            if (isDot(name)) {
                continue;
            }
            boolean above = kept.isEmpty() || isDotDot(kept.getLast());
            if (!isDotDot(name) || (above && !absolute)) {
                kept.add(name);
            } else if (!above) {
                kept.removeLast();
            }
        }
        return joined(absolute ? ROOT : new byte[0], kept);
    }

    /** The way from one path to another of the same type, neither of them empty. */
    static byte[] relative(byte[] from, byte[] to) {
        List<byte[]> base = PathBytes.names(isPlain(from) ? from : normalize(from));
        List<byte[]> target = PathBytes.names(isPlain(to) ? to : normalize(to));
        int common = 0;
        while (common < base.size() && common < target.size() && Arrays.equals(base.get(common), target.get(common))) {
            common++;
        }
        List<byte[]> way = new ArrayList<>();
        for (byte[] name : base.subList(common, base.size())) {
            if (isDotDot(name)) {
                throw new IllegalArgumentException(
                        "there is no way by names from " + NameCodec.decode(from) + " to " + NameCodec.decode(to));
            }
            way.add(PathBytes.of(".."));
        }
        way.addAll(target.subList(common, target.size()));
        return joined(new byte[0], way);
    }

    private static byte[] joined(byte[] start, List<byte[]> names) {
        byte[] path = start;
        for (byte[] name : names) {
            path = path.length == 0 ? name : PathBytes.join(path, name);
        }
        return path;
    }

    private static boolean isDot(byte[] name) {
        return name.length == 1 && name[0] == '.';
    }

    private static boolean isDotDot(byte[] name) {
        return name.length == 2 && name[0] == '.' && name[1] == '.';
    }
}

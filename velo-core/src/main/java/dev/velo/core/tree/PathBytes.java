package dev.velo.core.tree;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Paths as the bytes they are. Nothing here asks the file system. */
public final class PathBytes {
    private static final byte SLASH = '/';

    private PathBytes() {}

    /** The bytes of a path that Velo itself names, all ASCII. */
    public static byte[] of(String ascii) {
        return ascii.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The bytes of a Java path, made absolute; see {@link LocalPath#bytes}. */
    public static byte[] of(Path path) {
        return LocalPath.bytes(path);
    }

    /** The path for a message; bytes that are not UTF-8 are replaced. */
    public static String show(byte[] path) {
        return new String(path, StandardCharsets.UTF_8);
    }

    /** {@code directory/name}. */
    public static byte[] join(byte[] directory, byte[] name) {
        boolean slash = directory.length > 0 && directory[directory.length - 1] != SLASH;
        byte[] joined = new byte[directory.length + (slash ? 1 : 0) + name.length];
        System.arraycopy(directory, 0, joined, 0, directory.length);
        if (slash) {
            joined[directory.length] = SLASH;
        }
        System.arraycopy(name, 0, joined, joined.length - name.length, name.length);
        return joined;
    }

    public static boolean isAbsolute(byte[] path) {
        return path.length > 0 && path[0] == SLASH;
    }

    /** An absolute path without {@code .}, {@code ..} and doubled slashes; {@code ..} is resolved by name. */
    public static byte[] normalize(byte[] base, byte[] path) {
        Deque<byte[]> names = new ArrayDeque<>();
        for (byte[] name : names(isAbsolute(path) ? path : join(base, path))) {
            if (name.length == 2 && name[0] == '.' && name[1] == '.') {
                names.pollLast();
            } else if (!(name.length == 1 && name[0] == '.')) {
                names.addLast(name);
            }
        }
        byte[] normal = {SLASH};
        for (byte[] name : names) {
            normal = join(normal, name);
        }
        return normal;
    }

    /** The directory part of a normal absolute path; the root is its own. */
    public static byte[] parent(byte[] path) {
        int slash = lastSlash(path);
        return slash <= 0 ? new byte[] {SLASH} : Arrays.copyOf(path, slash);
    }

    /** The last name of a normal path; empty for the root. */
    public static byte[] lastName(byte[] path) {
        return Arrays.copyOfRange(path, lastSlash(path) + 1, path.length);
    }

    /** Whether the one normal absolute path is the other or lies below it. */
    public static boolean isInside(byte[] path, byte[] directory) {
        if (directory.length == 1) {
            return true;
        }
        boolean prefix = path.length >= directory.length
                && Arrays.equals(path, 0, directory.length, directory, 0, directory.length);
        return prefix && (path.length == directory.length || path[directory.length] == SLASH);
    }

    public static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    /** The path below one directory that another path has below the other; a path elsewhere stays as it is. */
    public static byte[] rebase(byte[] path, byte[] from, byte[] to) {
        return isInside(path, from) ? concat(to, Arrays.copyOfRange(path, from.length, path.length)) : path;
    }

    public static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The names of a path, without empty ones. */
    public static List<byte[]> names(byte[] path) {
        List<byte[]> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= path.length; i++) {
            if (i == path.length || path[i] == SLASH) {
                if (i > start) {
                    names.add(Arrays.copyOfRange(path, start, i));
                }
                start = i + 1;
            }
        }
        return names;
    }

    private static int lastSlash(byte[] path) {
        int at = path.length - 1;
        while (at >= 0 && path[at] != SLASH) {
            at--;
        }
        return at;
    }
}

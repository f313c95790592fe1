package dev.velo.core.tree;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Arrays;

/**
 * Paths of the default file system between Java and bytes, without loss in any locale. A path's text cannot do that, its URI can:
 * there each byte of a name that is not plain stands for itself.
 */
public final class LocalPath {
    private static final String PLAIN = "/-_.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int HEX = 16;

    private LocalPath() {}

    /**
     * The bytes of a path, made absolute and otherwise left as it is.
     *
     * @throws ProviderMismatchException if it belongs to another file system
     */
    public static byte[] bytes(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new ProviderMismatchException(path + " is no path of this system");
        }
        String text = path.toAbsolutePath().toString();
        return isAscii(text)
                ? PathBytes.of(text)
                : decoded(path.toAbsolutePath().toUri().getRawPath());
    }

    /** The bytes of a path, made absolute, without {@code .} and {@code ..}; the latter are resolved by name. */
    public static byte[] normal(Path path) {
        return PathBytes.normalize(PathBytes.of("/"), bytes(path));
    }

    /** The path that has these bytes, which are absolute. */
    public static Path of(byte[] absolute) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : absolute) {
            if (PLAIN.indexOf(b & 0xff) >= 0) {
                uri.append((char) b);
            } else {
                uri.append(String.format("%%%02X", b));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static byte[] decoded(String rawPath) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = rawPath.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                bytes.write(Integer.parseInt(rawPath, i + 1, i + 3, HEX));
                i += 2;
            } else {
                bytes.write(raw[i]);
            }
        }
        byte[] path = bytes.toByteArray();
        // the URI of a directory ends in a slash
        boolean slash = path.length > 1 && path[path.length - 1] == '/';
        return slash ? Arrays.copyOf(path, path.length - 1) : path;
    }
}

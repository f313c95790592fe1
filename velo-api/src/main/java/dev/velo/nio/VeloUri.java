package dev.velo.nio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/**
 * URIs of paths in views: {@code velo:///home/me/app.velo;/dir/file} for a file system opened by its manifest, and
 * {@code velo://view-1/dir/file} for that of a view. Every byte but letters, digits and {@code - . _ ~ /} is percent-encoded. The
 * form {@code app.velo!/dir} is read too, but never written: {@code jar:} takes the first {@code !/} for its own.
 *
 * @param key the file system
 * @param path the path inside, not decoded
 */
record VeloUri(FileSystemKey key, String path) {
    static final String SCHEME = "velo";
    static final String SEPARATOR = ";";
    private static final String ALSO_SEPARATOR = "!/";
    private static final String PLAIN = "-._~/";

    static VeloUri parse(URI uri) {
        requireForm(uri);
        String authority = uri.getRawAuthority();
        String raw = uri.getRawPath();
        if (authority != null) {
            if (!authority.matches(FileSystemKey.AUTHORITY + "[0-9]+")) {
                throw new IllegalArgumentException(uri + ": only views stand where hosts do, as velo://view-1/");
            }
            return new VeloUri(FileSystemKey.ofAuthority(authority), raw.isEmpty() ? "/" : raw);
        }
        int end = manifestEnd(raw);
        return new VeloUri(FileSystemKey.ofManifest(path(raw.substring(0, end))), inside(raw, end));
    }

    /** The manifest that a URI without an authority names. */
    static Path manifest(URI uri) {
        requireForm(uri);
        if (uri.getRawAuthority() != null) {
            throw new IllegalArgumentException(uri + ": names no manifest, as velo:///home/me/app.velo; does");
        }
        String raw = uri.getRawPath();
        return path(raw.substring(0, manifestEnd(raw)));
    }

    private static void requireForm(URI uri) {
        boolean plain = uri.getRawPath() != null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (uri.getScheme() == null || !uri.getScheme().toLowerCase(Locale.ROOT).equals(SCHEME) || !plain) {
            throw new IllegalArgumentException(uri + ": not of the form velo:///home/me/app.velo;/dir/file");
        }
    }

    private static int manifestEnd(String raw) {
        int end = raw.indexOf(SEPARATOR);
        int other = raw.indexOf(ALSO_SEPARATOR);
        if (end < 0 || (other >= 0 && other < end)) {
            end = other;
        }
        return end < 0 ? raw.length() : end;
    }

    private static String inside(String raw, int end) {
        String path = raw.substring(Math.min(raw.length(), end + 1));
        return path.isEmpty() ? "/" : path;
    }

    private static Path path(String raw) {
        return Path.of(URI.create("file://" + encode(decode(raw))));
    }

    /** The URI of a path; one of a directory ends in a slash. */
    static URI of(VeloPath path) {
        VeloPath absolute = path.toAbsolutePath();
        String text = absolute.getFileSystem().key().uriPrefix() + encode(absolute.bytes());
        return URI.create(!text.endsWith("/") && isDirectory(absolute) ? text + "/" : text);
    }

    private static boolean isDirectory(VeloPath path) {
        try {
            VeloAttributes attributes = path.getFileSystem().attributesIfFound(path);
            return attributes != null && attributes.isDirectory();
        } catch (IOException | ClosedFileSystemException e) {
            return false; // as for a path of which nothing is known
        }
    }

    VeloPath pathIn(VeloFileSystem fileSystem) {
        byte[] bytes = decode(path);
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("Nul character not allowed");
            }
        }
        return VeloPath.of(fileSystem, bytes);
    }

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                text.append(c);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return text.toString();
    }

    /** The bytes of a raw part of a URI, in which every percent sign begins an escape; characters beyond ASCII are UTF-8. */
    private static byte[] decode(String raw) {
        byte[] bytes = NameCodec.encode(raw);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                decoded.write(Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toByteArray();
    }
}

package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A registered manifest and what this machine remembers of it: the file it was written to, the tree it was made from, whether that
 * tree is trusted, and how the file looked, so that its digest need not be computed again.
 *
 * @param manifestPath absolute path of the manifest file
 * @param origin absolute path of the ingested tree
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; roots are never compared
public record Root(Digest tree, byte[] manifestPath, byte[] origin, Trust trust, FileIdentity identity) {
    /** Whether setuid bits and device nodes of the tree may become real. */
    public enum Trust {
        TRUSTED,
        UNTRUSTED
    }

    private static final String TITLE = "velo-root 1";

    /** A manifest of which this machine knows nothing: from nowhere, and not trusted. */
    public static Root unregistered(Digest tree, byte[] manifestPath) {
        return new Root(tree, manifestPath, new byte[0], Trust.UNTRUSTED, new FileIdentity(0, 0, 0, 0, 0));
    }

    /** The text that stands in the root's file; the last line is a CRC-32C of those before it. */
    byte[] encode() {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        line(text, "tree", tree.toString());
        line(text, "manifest", PathText.escape(manifestPath));
        line(text, "origin", PathText.escape(origin));
        line(text, "trust", trust.name());
        line(text, "device", Long.toString(identity.device()));
        line(text, "inode", Long.toString(identity.inode()));
        line(text, "size", Long.toString(identity.size()));
        line(text, "modified", Long.toString(identity.modified()));
        line(text, "changed", Long.toString(identity.changed()));
        String body = text.toString();
        return PathBytes.of(body + "crc32c " + checksum(body) + "\n");
    }

    static Root decode(String file, byte[] bytes) throws FormatException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int last = text.lastIndexOf("crc32c ");
        if (last < 0 || !text.startsWith(TITLE + "\n")) {
            throw new FormatException(file, 0, Reason.BAD_MAGIC, "not a root of this version");
        }
        String body = text.substring(0, last);
        if (!text.substring(last).equals("crc32c " + checksum(body) + "\n")) {
            throw new FormatException(file, last, Reason.CHECKSUM, "CRC-32C of the lines before");
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : body.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space > 0) {
                fields.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        try {
            return new Root(
                    Digest.parse(field(fields, "tree")),
                    PathText.unescape(field(fields, "manifest")),
                    PathText.unescape(field(fields, "origin")),
                    Trust.valueOf(field(fields, "trust")),
                    new FileIdentity(
                            number(fields, "device"),
                            number(fields, "inode"),
                            number(fields, "size"),
                            number(fields, "modified"),
                            number(fields, "changed")));
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, 0, Reason.INCONSISTENT, String.valueOf(e.getMessage()));
        }
    }

    private static String checksum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(PathBytes.of(body));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no line " + name);
        }
        return value;
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(field(fields, name));
    }
}

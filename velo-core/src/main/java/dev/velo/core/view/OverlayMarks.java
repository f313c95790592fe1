package dev.velo.core.view;

import dev.velo.core.format.AttributeSet.Attribute;
import dev.velo.core.tree.PathBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The attributes that overlayfs notes for itself in a layer. Source: {@code Documentation/filesystems/overlayfs.rst}. In a tree that is
 * no layer any more they mean nothing.
 */
public final class OverlayMarks {
    private static final List<byte[]> PREFIXES =
            List.of(PathBytes.of("user.overlay."), PathBytes.of("trusted.overlay."));

    /** Stands behind the prefix in the name of an attribute that a program has set, though it looks like a mark. */
    private static final byte[] ESCAPE = PathBytes.of("overlay.");

    private static final byte[] OPAQUE = PathBytes.of("opaque");
    private static final byte[] WHITEOUT = PathBytes.of("whiteout");

    private OverlayMarks() {}

    /** What makes a directory hide what lower layers hold, in a layer of an overlay that is mounted with {@code userxattr}. */
    public static Attribute opaque() {
        return new Attribute(PathBytes.concat(PREFIXES.getFirst(), OPAQUE), new byte[] {'y'});
    }

    /** What a program sees of these attributes through the overlay. */
    static List<Attribute> shown(List<Attribute> attributes) {
        List<Attribute> shown = new ArrayList<>(attributes.size());
        for (Attribute attribute : attributes) {
            byte[] prefix = prefix(attribute.name());
            if (prefix.length == 0) {
                shown.add(attribute);
            } else if (PathBytes.startsWith(rest(attribute.name(), prefix), ESCAPE)) {
                byte[] own = rest(attribute.name(), prefix);
                shown.add(new Attribute(PathBytes.concat(prefix, rest(own, ESCAPE)), attribute.value()));
            }
        }
        return shown;
    }

    /** Whether a directory with these attributes hides what lower layers hold. */
    static boolean isOpaque(List<Attribute> attributes) {
        return has(attributes, OPAQUE, 'y');
    }

    /** Whether files in a directory with these attributes can be whiteouts. */
    static boolean hasWhiteoutFiles(List<Attribute> attributes) {
        return has(attributes, OPAQUE, 'x');
    }

    /** Whether an empty file with these attributes is a whiteout, in a directory that can have such. */
    static boolean isWhiteoutFile(List<Attribute> attributes) {
        return attributes.stream().anyMatch(attribute -> isMark(attribute, WHITEOUT));
    }

    /** Whether this is the mark of this name, the prefix left out. */
    public static boolean isMark(Attribute attribute, byte[] mark) {
        byte[] prefix = prefix(attribute.name());
        return prefix.length > 0 && Arrays.equals(rest(attribute.name(), prefix), mark);
    }

    private static boolean has(List<Attribute> attributes, byte[] mark, char value) {
        return attributes.stream()
                .anyMatch(attribute -> isMark(attribute, mark)
                        && attribute.value().length == 1
                        && attribute.value()[0] == value);
    }

    private static byte[] prefix(byte[] name) {
        return PREFIXES.stream()
                .filter(prefix -> PathBytes.startsWith(name, prefix))
                .findFirst()
                .orElse(new byte[0]);
    }

    private static byte[] rest(byte[] name, byte[] prefix) {
        return Arrays.copyOfRange(name, prefix.length, name.length);
    }
}

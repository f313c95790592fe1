package dev.velo.core.damage;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.DirectoryCursor;
import dev.velo.core.view.View;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** All that a view says of its tree, one line for each path: what the lists say, and what a lookup of each path says. */
final class WholeTree {
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_BYTES = 1 << 20;

    private final View view;
    private final List<String> lines = new ArrayList<>();

    private WholeTree(View view) {
        this.view = view;
    }

    static List<String> of(View view) throws IOException {
        WholeTree tree = new WholeTree(view);
        tree.entry(new byte[0], view.root());
        return tree.lines;
    }

    private void entry(byte[] path, int node) throws IOException {
        if (lines.size() > MAX_ENTRIES) {
            throw new FormatException("view", 0, Reason.INCONSISTENT, "directories without end");
        }
        lines.add(PathBytes.show(path) + " " + told(node));
        int found = view.findLink(path);
        lines.add(
                PathBytes.show(path) + " " + (found == node ? "is found" : found == View.NONE ? "lost" : told(found)));
        if (view.kind(node) == EntryKind.DIRECTORY) {
            DirectoryCursor cursor = view.list(node);
            while (cursor.next()) {
                byte[] name = cursor.name();
                entry(path.length == 0 ? name : PathBytes.join(path, name), cursor.node());
            }
        }
    }

    private String told(int node) throws IOException {
        EntryKind kind = view.kind(node);
        StringBuilder line = new StringBuilder();
        line.append(kind).append(' ').append(Integer.toOctalString(view.permissions(node)));
        line.append(' ').append(view.mtimeSeconds(node)).append('.').append(view.mtimeNanos(node));
        line.append(' ').append(view.uid(node)).append(':').append(view.gid(node));
        line.append(' ').append(view.linkCount(node));
        for (AttributeSet.Attribute attribute : view.attributes(node)) {
            line.append(' ').append(PathBytes.show(attribute.name())).append('=');
            line.append(HexFormat.of().formatHex(attribute.value()));
        }
        return switch (kind) {
            case FILE -> line.append(' ').append(content(node)).toString();
            case SYMLINK ->
                line.append(' ').append(PathBytes.show(view.target(node))).toString();
            default -> line.toString();
        };
    }

    /** The digest of the bytes that a reader gets, not the one that is stored. */
    private String content(int file) throws IOException {
        view.requireRight(file);
        long size = view.size(file);
        if (size > MAX_BYTES) {
            return size + " bytes";
        }
        byte[] bytes = new byte[(int) size];
        int got = size == 0 ? 0 : view.read(file, 0, MemorySegment.ofArray(bytes));
        MemorySegment mapped = view.map(file);
        boolean same = mapped.byteSize() == size && mapped.mismatch(MemorySegment.ofArray(bytes)) == -1;
        Digest digest = Digest.of(Hashing.sha256().digest(bytes), 0);
        return got + " bytes " + digest + (same ? "" : ", others where they are mapped");
    }
}

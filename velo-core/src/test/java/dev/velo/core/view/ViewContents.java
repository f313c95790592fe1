package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Asks a view everything that can be asked. */
final class ViewContents {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_ENTRIES = 20_000;
    private static final int MAX_BYTES = 1 << 16;

    private final View view;
    private final Consumer<String> found;
    private int entries;

    ViewContents(View view, Consumer<String> found) {
        this.view = view;
        this.found = found;
    }

    /** Goes through the whole tree; a directory that holds itself is a fault, since there is no end to it. */
    void all() throws IOException {
        entry(".", view.root(), 0);
    }

    private void entry(String path, int node, int depth) throws IOException {
        if (depth > MAX_DEPTH || ++entries > MAX_ENTRIES) {
            throw new FormatException("view", 0, Reason.INCONSISTENT, "directories without end");
        }
        StringBuilder line = new StringBuilder(path + " " + view.kind(node) + " " + view.permissions(node));
        line.append(' ').append(view.mtimeSeconds(node)).append('.').append(view.mtimeNanos(node));
        line.append(' ').append(view.uid(node)).append(':').append(view.gid(node));
        line.append(' ')
                .append(view.linkCount(node))
                .append(' ')
                .append(view.attributes(node).size());
        if (view.kind(node) == EntryKind.FILE) {
            line.append(' ').append(view.size(node)).append(' ').append(view.digest(node));
            line.append(' ').append(bytes(node));
        } else if (view.kind(node) == EntryKind.SYMLINK) {
            line.append(' ').append(new String(view.target(node), StandardCharsets.ISO_8859_1));
        } else if (view.kind(node).isDevice()) {
            line.append(' ').append(Long.toHexString(view.device(node)));
        }
        found.accept(line.toString());
        if (view.kind(node) == EntryKind.DIRECTORY) {
            DirectoryCursor cursor = view.list(node);
            while (cursor.next()) {
                String name = new String(cursor.name(), StandardCharsets.ISO_8859_1);
                view.child(node, cursor.name());
                entry(path + "/" + name, cursor.node(), depth + 1);
            }
        }
    }

    private int bytes(int file) throws IOException {
        int count = (int) Math.min(MAX_BYTES, view.size(file));
        byte[] read = new byte[count];
        int got = count == 0 ? 0 : view.read(file, 0, MemorySegment.ofArray(read));
        MemorySegment mapped = view.map(file);
        if (got == count && mapped.byteSize() >= count) {
            byte[] copy = new byte[count];
            MemorySegment.copy(mapped, ValueLayout.JAVA_BYTE, 0, copy, 0, count);
            if (!Arrays.equals(read, copy)) {
                throw new FormatException("view", 0, Reason.INCONSISTENT, "read and map differ");
            }
        }
        return Arrays.hashCode(read);
    }
}

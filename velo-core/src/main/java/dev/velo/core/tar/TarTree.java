package dev.velo.core.tar;

import dev.velo.core.format.EntryKind;
import dev.velo.core.ingest.IngestException;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * The tree that an archive holds. Names are relative to its root, with or without a slash before them. The marks by which layers of
 * container images delete, {@code .wh.NAME} and {@code .wh..wh..opq}, become whiteouts and opaque directories. Source: layer.md of the
 * OCI image specification.
 */
public final class TarTree implements TreeIntake.Source {
    private static final byte[] WHITEOUT = PathBytes.of(".wh.");
    private static final byte[] MARK = PathBytes.of(".wh..wh.");
    private static final byte[] OPAQUE = PathBytes.of(".wh..wh..opq");

    private final String file;
    private final InputStream in;

    /** Of an archive that messages call by this name; the stream, which may be compressed, stays the caller's. */
    public TarTree(String file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    @Override
    public void describe(TreeIntake tree) throws IOException {
        try (InputStream plain = Compression.open(file, in)) {
            TarReader reader = new TarReader(file, plain);
            for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
                describe(tree, entry);
            }
        } catch (IngestException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private void describe(TreeIntake tree, TarEntry entry) throws IOException {
        byte[] path = entry.name();
        List<byte[]> names = PathBytes.names(path);
        byte[] last = names.isEmpty() ? new byte[0] : names.getLast();
        boolean plain = entry.kind() == TarEntry.Kind.FILE || entry.kind() == TarEntry.Kind.HARD_LINK;
        if (plain && Arrays.equals(last, OPAQUE)) {
            tree.opaque(parent(path));
        } else if (names.stream().anyMatch(name -> PathBytes.startsWith(name, MARK))) {
            tree.warn(file + ": " + PathBytes.show(path) + ": a file of aufs for itself; skipped");
        } else if (plain && PathBytes.startsWith(last, WHITEOUT)) {
            tree.whiteout(PathBytes.join(parent(path), deleted(path, last)), entry.metadata());
        } else {
            add(tree, entry, path);
        }
    }

    private static byte[] deleted(byte[] path, byte[] mark) throws IngestException {
        byte[] name = Arrays.copyOfRange(mark, WHITEOUT.length, mark.length);
        if (name.length == 0 || Arrays.equals(name, PathBytes.of(".")) || Arrays.equals(name, PathBytes.of(".."))) {
            throw new IngestException(path, "would delete a directory around it");
        }
        return name;
    }

    private static byte[] parent(byte[] path) {
        int end = path.length;
        while (path[end - 1] == '/') {
            end--;
        }
        while (end > 0 && path[end - 1] != '/') {
            end--;
        }
        return Arrays.copyOf(path, end);
    }

    private static void add(TreeIntake tree, TarEntry entry, byte[] path) throws IOException {
        switch (entry.kind()) {
            case FILE -> tree.file(path, entry.metadata(), entry.contents(), entry.size());
            case DIRECTORY -> tree.directory(path, entry.metadata());
            case SYMLINK -> tree.symlink(path, entry.metadata(), entry.target());
            case HARD_LINK -> tree.hardLink(path, entry.target());
            case CHARACTER_DEVICE -> tree.special(path, EntryKind.CHARACTER_DEVICE, entry.metadata(), entry.device());
            case BLOCK_DEVICE -> tree.special(path, EntryKind.BLOCK_DEVICE, entry.metadata(), entry.device());
            case FIFO -> tree.special(path, EntryKind.FIFO, entry.metadata(), 0);
        }
    }
}

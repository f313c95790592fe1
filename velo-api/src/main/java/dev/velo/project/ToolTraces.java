package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.present.Upper;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a tool left of a project beside the tree that it made, which tells whether that is the tree of its key, and all of it.
 *
 * @param layer what the tool wrote to the project; null if it wrote to the project itself
 */
record ToolTraces(ProjectTree tree, TreeKey key, @Nullable Upper layer) {

    /** A tool that changes its own lockfile made another tree than the one that the key is of, and so did one whose lockfile was changed. */
    void requireSameInputs() throws IOException {
        if (layer != null) {
            for (String input : tree.inputs()) {
                requireSame(input, inLayer(tree.folder(), layer));
            }
        }
        if (!key.hasInputsOf(tree)) {
            throw new IOException(PathBytes.show(tree.folder()) + ": what decides " + tree.name()
                    + " was changed while " + tool() + " made the tree, which is not kept; try again");
        }
    }

    private void requireSame(String input, byte[] folder) throws IOException {
        byte[] path = PathBytes.join(folder, input.getBytes(StandardCharsets.UTF_8));
        Statx stat = new Statx();
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
                return; // not written
            }
            throw e;
        }
        // what is no regular file says that the tool has removed it
        Digest written = stat.type() == Statx.S_IFREG ? InputFiles.digest(path) : null;
        Digest known = key.input(input);
        boolean same =
                written == null ? known == null : written.equals(known) || differsInBlanks(path, tree.input(input));
        if (!same) {
            throw new ToolFailedException(PathBytes.show(tree.input(input)) + " does not say what " + tool()
                    + " would make of the project; let it bring the file up to date, then try again");
        }
    }

    /** npm, for one, indents its lockfile as the project indents its {@code package.json}. */
    private static boolean differsInBlanks(byte[] written, byte[] before) throws IOException {
        return withoutBlanks(written).equals(withoutBlanks(before));
    }

    private static String withoutBlanks(byte[] path) throws IOException {
        byte[] contents = SmallFiles.read(path);
        return contents == null ? "" : new String(contents, StandardCharsets.ISO_8859_1).replaceAll("\\s+", "");
    }

    private byte[] inLayer(byte[] path, Upper upper) {
        return PathBytes.rebase(path, tree.project().folder(), upper.upper());
    }

    private String tool() {
        return tree.declaration().ecosystem().name();
    }
}

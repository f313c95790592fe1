package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.present.Upper;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
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
        Digest written = stat.type() == Statx.S_IFREG ? SmallFiles.digest(path) : null;
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

    /** Packages of a workspace may get trees of their own, which would be lost. */
    void requireOneTree() throws IOException {
        if (layer == null || !tree.isInProject()) {
            return;
        }
        List<String> others = others(layer);
        if (!others.isEmpty()) {
            throw new IOException(tool() + " filled " + String.join(" and ", others) + " too, and of " + tree.name()
                    + " Velo keeps what stands at one place: let " + tool()
                    + " hoist all packages there (nodeLinker, install-strategy), or take the tree out of velo.toml and run "
                    + tool() + " itself");
        }
    }

    /** Paths, from the project on, of filled directories that are called as the tree's. */
    private List<String> others(Upper upper) throws ErrnoException {
        byte[] place = inLayer(tree.place(), upper);
        byte[] called = PathBytes.lastName(place);
        List<String> found = new ArrayList<>();
        Deque<byte[]> left = new ArrayDeque<>(List.of(upper.upper()));
        while (!left.isEmpty()) {
            for (byte[] path : directories(left.removeFirst())) {
                if (Arrays.equals(path, place)) {
                    continue;
                }
                if (!Arrays.equals(PathBytes.lastName(path), called)) {
                    left.add(path);
                } else if (!DirectoryListing.isEmpty(path)) {
                    found.add(PathBytes.show(path)
                            .substring(PathBytes.show(upper.upper()).length() + 1));
                }
            }
        }
        found.sort(null);
        return found;
    }

    private static List<byte[]> directories(byte[] path) throws ErrnoException {
        List<byte[]> directories = new ArrayList<>();
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
        Statx stat = new Statx();
        try (Descriptor opened = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            for (byte[] name : DirectoryListing.names(opened.fd())) {
                FileCalls.statx(opened.fd(), name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
                if (stat.type() == Statx.S_IFDIR) {
                    directories.add(PathBytes.join(path, name));
                }
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EACCES) {
                throw e;
            }
        }
        return directories;
    }

    private byte[] inLayer(byte[] path, Upper upper) {
        return PathBytes.rebase(path, tree.project().folder(), upper.upper());
    }

    private String tool() {
        return tree.declaration().ecosystem().name();
    }
}

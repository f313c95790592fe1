package dev.velo.project;

import dev.velo.core.present.CheckoutMode;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.List;

/**
 * What a project remembers of a directory that Velo put at the place of a tree: its key, how its files came to be, and which directories
 * these were, because whatever else stands there is somebody else's.
 */
record InstalledRecord(List<String> words) {
    private static final String FOLDER = "installed";

    /** Absolute path of the record of a tree. */
    static byte[] path(ProjectTree tree) throws IOException {
        return PathBytes.join(tree.project().state(FOLDER), tree.declaration().fileName());
    }

    static InstalledRecord of(ProjectTree tree) throws IOException {
        String text = SmallFiles.text(path(tree));
        return new InstalledRecord(
                text == null ? List.of() : List.of(text.strip().split("\\s+", -1)));
    }

    static void write(ReadyTree tree, CheckoutMode mode, List<Statx> directories) throws IOException {
        StringBuilder text = new StringBuilder(tree.key().digest() + " " + mode + "\n");
        directories.forEach(each -> text.append(identity(each)).append('\n'));
        SmallFiles.write(path(tree.tree()), text.toString(), 0600);
    }

    boolean isOf(TreeKey key, CheckoutMode mode) {
        return words.size() > 1
                && words.get(0).equals(key.digest().toString())
                && words.get(1).equals(mode.name());
    }

    /** Whether this directory is one of those. */
    boolean has(Statx directory) {
        return words.contains(identity(directory));
    }

    private static String identity(Statx stat) {
        return stat.device() + ":" + stat.inode();
    }
}

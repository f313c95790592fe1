package dev.velo.project;

import dev.velo.core.present.CheckoutMode;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a project remembers of the directories that Velo puts at the place of a tree: which they are, because whatever else stands there is
 * somebody else's, and what each holds. While one takes the place of another both are remembered, so that it does not matter when whoever
 * does it is killed.
 *
 * @param contents of which tree a directory is, and by what mode; by the identity of the directory
 */
record InstalledRecord(Map<String, String> contents) {
    private static final String FOLDER = "installed";
    private static final String ANYTHING = "- -";

    /** Absolute path of the record of a tree. */
    static byte[] path(ProjectTree tree) throws IOException {
        return PathBytes.join(tree.project().state(FOLDER), tree.declaration().fileName());
    }

    static InstalledRecord of(ProjectTree tree) throws IOException {
        Map<String, String> contents = new HashMap<>();
        String text = SmallFiles.text(path(tree));
        if (text != null) {
            for (String line : text.lines().toList()) {
                String[] words = line.split(" ", 2);
                if (words.length == 2) {
                    contents.put(words[0], words[1]);
                }
            }
        }
        return new InstalledRecord(contents);
    }

    /** Remembers a directory that holds a tree, and the one whose place it is about to take; null for none. */
    void write(ReadyTree tree, CheckoutMode mode, Statx made, @Nullable Statx before) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        if (before != null) {
            all.put(identity(before), contents.getOrDefault(identity(before), ANYTHING));
        }
        all.put(identity(made), contents(tree.key(), mode));
        StringBuilder text = new StringBuilder();
        all.forEach((directory, what) ->
                text.append(directory).append(' ').append(what).append('\n'));
        SmallFiles.write(path(tree.tree()), text.toString(), 0600);
    }

    private static String contents(TreeKey key, CheckoutMode mode) {
        return key.digest() + " " + mode;
    }

    /** Whether this directory was made of that tree, in that mode. */
    boolean isOf(Statx directory, TreeKey key, CheckoutMode mode) {
        return contents(key, mode).equals(contents.get(identity(directory)));
    }

    /** Whether this directory is one of those. */
    boolean has(Statx directory) {
        return contents.containsKey(identity(directory));
    }

    /** A file system gives the inode of a removed directory to the next one, but not the time of its birth. */
    private static String identity(Statx stat) {
        return stat.device() + ":" + stat.inode() + ":" + stat.birthSeconds() + "." + stat.birthNanos();
    }
}

package dev.velo.project;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which parts of a tree were put in their places for everybody to see, because the tree of another lockfile has others. They are noted
 * before they are put there, so that it does not matter when whoever does it is killed.
 *
 * @param paths from the tree's folder on
 */
public record InstalledParts(ProjectTree tree, SortedSet<String> paths) {
    private static final String FOLDER = "parts";

    /** Those of a tree. */
    public static InstalledParts of(ProjectTree tree) throws IOException {
        SortedSet<String> paths = new TreeSet<>();
        if (tree.isInProject()) {
            byte[] file = file(tree);
            String text = SmallFiles.text(file);
            if (text != null) {
                paths.addAll(PathLines.parse(PathBytes.show(file), text));
            }
        }
        return new InstalledParts(tree, paths);
    }

    /** Notes that the parts of this tree are about to be put in their places; those that were stay noted. */
    public static InstalledParts begin(ReadyTree tree) throws IOException {
        InstalledParts before = of(tree.tree());
        SortedSet<String> all = new TreeSet<>(before.paths);
        all.addAll(pathsOf(tree));
        return before.replacedBy(all);
    }

    /** Takes away those that are no part of this tree, whose own have been put in their places. */
    public void finish(ReadyTree now) throws IOException {
        for (ProjectTree other : others(now)) {
            TreeInstallation.remove(other);
        }
        replacedBy(pathsOf(now));
    }

    /** Those that are no part of this tree. */
    public List<ProjectTree> others(ReadyTree now) throws IOException {
        List<ProjectTree> others = trees();
        others.removeIf(other -> pathsOf(now).contains(other.below()));
        return others;
    }

    /** All of them. */
    public List<ProjectTree> trees() throws IOException {
        List<ProjectTree> trees = new ArrayList<>();
        for (String path : paths) {
            ProjectTree part = tree.part(path);
            // what is noted in a project from elsewhere may lead anywhere
            Places.requirePlain(tree.project().folder(), part.place());
            trees.add(part);
        }
        return trees;
    }

    private InstalledParts replacedBy(SortedSet<String> others) throws IOException {
        if (!others.equals(paths)) {
            SmallFiles.write(file(tree), PathLines.of(others), 0600);
        }
        return new InstalledParts(tree, others);
    }

    private static SortedSet<String> pathsOf(ReadyTree tree) {
        SortedSet<String> paths = new TreeSet<>();
        tree.parts().forEach(part -> paths.add(part.tree().below()));
        return paths;
    }

    private static byte[] file(ProjectTree tree) throws IOException {
        return PathBytes.join(tree.project().state(FOLDER), tree.declaration().fileName());
    }
}

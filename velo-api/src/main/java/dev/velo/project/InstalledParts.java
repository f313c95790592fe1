package dev.velo.project;

import dev.velo.core.present.MountTable;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of trees were put in their places for everybody to see, because the trees of other lockfiles have other parts. The project
 * notes them before they are put there, so that it does not matter when whoever does it is killed.
 */
public final class InstalledParts {
    private static final String FILE = "parts";

    private final Project project;
    private final List<ReadyTree> ready;

    /** Beside these trees of a project, which are all that it has now. */
    public InstalledParts(Project project, List<ReadyTree> ready) {
        this.project = project;
        this.ready = List.copyOf(ready);
    }

    /** Notes that the parts of the trees are about to be put in their places; those that were stay noted. */
    public void begin() throws IOException {
        if (ready.stream().anyMatch(tree -> !tree.parts().isEmpty())) {
            change(noted -> {
                SortedSet<String> all = new TreeSet<>(noted);
                all.addAll(present());
                return all;
            });
        }
    }

    /** Takes away those that are parts of other trees; those of the trees have been put in their places. */
    public void finish() throws IOException {
        for (ProjectTree other : others()) {
            TreeInstallation.remove(other);
        }
        change(noted -> present());
    }

    /** Takes away all of them, as far as Velo has put them there. */
    public static void removeAll(Project project, List<ProjectTree> declared) throws IOException {
        for (ProjectTree tree : declared) {
            for (String path : noted(project)) {
                ProjectTree part = candidate(tree, path);
                if (part != null) {
                    TreeInstallation.remove(part);
                }
            }
        }
    }

    /** Those that stand in their places, put there by Velo, and are parts of other trees. */
    List<ProjectTree> others() throws IOException {
        SortedSet<String> noted = noted(project);
        noted.removeAll(present());
        List<ProjectTree> others = new ArrayList<>();
        if (noted.isEmpty()) {
            return others;
        }
        MountTable mounts = MountTable.read();
        for (String path : noted) {
            for (ReadyTree tree : ready) {
                ProjectTree part = candidate(tree.tree(), path);
                if (part != null && isApart(part) && isInstalled(part, mounts)) {
                    others.add(part);
                    break;
                }
            }
        }
        return others;
    }

    /** What a noted path may stand for: a part of a tree is called as its place. What leads over a link is nothing of Velo's. */
    private static @Nullable ProjectTree candidate(ProjectTree tree, String path) throws IOException {
        ProjectTree part = tree.elsewhere(path);
        boolean isCalledSo = Arrays.equals(PathBytes.lastName(part.place()), PathBytes.lastName(tree.place()));
        return tree.isInProject() && isCalledSo && Places.isPlain(tree.project().folder(), part.place()) ? part : null;
    }

    /** A place may have come to be that of another tree. */
    private boolean isApart(ProjectTree part) {
        return ReadyTree.all(ready).stream()
                .map(tree -> tree.tree().place())
                .noneMatch(place -> PathBytes.isInside(place, part.place()) || PathBytes.isInside(part.place(), place));
    }

    private static boolean isInstalled(ProjectTree part, MountTable mounts) throws IOException {
        Statx stat = new Statx();
        return mounts.begins(part.place())
                || (Places.look(part.place(), stat) && InstalledRecord.of(part).has(stat));
    }

    /** Paths of the parts of the trees, from the project on. */
    private SortedSet<String> present() {
        SortedSet<String> paths = new TreeSet<>();
        for (ReadyTree tree : ready) {
            tree.parts().forEach(part -> paths.add(part.tree().name()));
        }
        return paths;
    }

    @SuppressWarnings("try") // the lock is only held
    private void change(UnaryOperator<SortedSet<String>> change) throws IOException {
        try (Descriptor alone = project.lock()) {
            SortedSet<String> before = noted(project);
            SortedSet<String> after = change.apply(before);
            if (!after.equals(before)) {
                SmallFiles.write(file(project), PathLines.of(after), 0600);
            }
        }
    }

    private static SortedSet<String> noted(Project project) throws IOException {
        byte[] file = file(project);
        String text = SmallFiles.text(file);
        return text == null ? new TreeSet<>() : new TreeSet<>(PathLines.parse(PathBytes.show(file), text));
    }

    private static byte[] file(Project project) throws IOException {
        return PathBytes.join(project.state(), PathBytes.of(FILE));
    }
}

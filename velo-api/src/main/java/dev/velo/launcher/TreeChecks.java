package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.core.view.TreeDifference;
import dev.velo.project.ProjectTree;
import dev.velo.project.ReadyTree;
import dev.velo.project.ToolFailedException;
import dev.velo.project.TreeCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code velo install --check}: each tree beside what its tool makes now. */
final class TreeChecks {
    private static final int DIFFERENT = 1;

    private TreeChecks() {}

    /**
     * Checks these trees; returns 0 if each is what its tool makes.
     *
     * @param results to which what was found is added, for JSON; null to print it as text
     */
    static int run(Store opened, List<ReadyTree> ready, MakingLines.Telling telling, @Nullable List<Object> results)
            throws IOException {
        int status = 0;
        for (ReadyTree tree : ready) {
            try {
                status = Math.max(status, check(opened, tree, telling, results));
            } catch (ToolFailedException e) {
                MakingLines.tell(e);
                throw e;
            }
        }
        return status;
    }

    private static int check(Store opened, ReadyTree tree, MakingLines.Telling telling, @Nullable List<Object> results)
            throws IOException {
        List<Object> differences = results == null ? null : new ArrayList<>();
        Differences found = new Differences(differences);
        new TreeCheck(opened, tree, ProjectTrees.maker(opened, telling)).run(found::of);
        if (results != null && differences != null) {
            results.add(Map.of(
                    "name", tree.tree().name(), "key", tree.key().digest().toString(), "differences", differences));
        } else if (telling != MakingLines.Telling.QUIET) {
            Terminal.out()
                    .println(tree.tree().name() + ": "
                            + (found.count == 0
                                    ? "just what "
                                            + tree.tree()
                                                    .declaration()
                                                    .command()
                                                    .getFirst() + " makes"
                                    : found.count + " differences"));
        }
        return found.count == 0 ? 0 : DIFFERENT;
    }

    /** What is different of a tree and its parts. */
    private static final class Differences {
        private final @Nullable List<Object> results;
        private long count;

        Differences(@Nullable List<Object> results) {
            this.results = results;
        }

        TreeDifference.Listener of(ProjectTree tree) {
            return new Lines(tree.name(), this);
        }
    }

    /** Prints what is different: {@code +} is there and would not be made, {@code -} would be made. */
    private record Lines(String name, Differences all) implements TreeDifference.Listener {
        @Override
        public void added(byte[] path, int entry) {
            line("+", "added", path);
        }

        @Override
        public void deleted(byte[] path, int entry) {
            line("-", "deleted", path);
        }

        @Override
        public void changed(byte[] path, int oldEntry, int newEntry, Set<TreeDifference.Aspect> aspects) {
            line("!", "changed", path);
        }

        private void line(String sign, String change, byte[] path) {
            all.count++;
            if (all.results != null) {
                all.results.add(Map.of("change", change, "tree", name, "path", StoreOptions.shown(path)));
            } else {
                Terminal.out().println(sign + " " + name + "/" + StoreOptions.shown(path));
            }
        }
    }
}

package dev.velo.project;

import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OverlayUpper;
import dev.velo.core.ingest.Save;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parts that {@code velo install} put in their places for another lockfile than the present one. A command that sees the present trees
 * would find packages there that none of them has, so it sees an empty tree there.
 */
final class HiddenParts {
    /** That of no tool's tree: all that is hidden is hidden by one tree. */
    private static final TreeKey EMPTY = new TreeKey(List.of("velo-tree 1", "empty"));

    private final Store store;
    private final KnownTrees known;

    HiddenParts(Store store) {
        this.store = store;
        this.known = new KnownTrees(store);
    }

    /** An empty tree for each such place of the project beside these trees of it. */
    List<ReadyTree> of(Project project, List<ReadyTree> trees) throws IOException {
        List<ReadyTree> hidden = new ArrayList<>();
        for (ProjectTree other : new InstalledParts(project, trees).others()) {
            hidden.add(empty(other));
        }
        return hidden;
    }

    @SuppressWarnings("try") // the lock is only held
    private ReadyTree empty(ProjectTree tree) throws IOException {
        ReadyTree there = known.find(tree, EMPTY);
        if (there == null) {
            try (Descriptor alone = known.lock(EMPTY)) {
                make(tree);
            }
            there = known.find(tree, EMPTY);
        }
        if (there == null) {
            throw new IOException(PathBytes.show(known.manifest(EMPTY))
                    + ": the empty tree that hides another was taken away at once; try again");
        }
        return there;
    }

    private void make(ProjectTree tree) throws IOException {
        byte[] folder = PathBytes.join(store.path(Store.Room.COPIES), PublishedFile.newName());
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, folder, 0755);
        try {
            Save.run(
                    store,
                    OverlayUpper.of(folder),
                    List.of(TreeMaker.nothing()),
                    known.manifest(EMPTY),
                    tree.place(),
                    IngestOptions.defaults().withMtime(TreeMaker.ONE_TIME),
                    new IngestListener() {});
        } finally {
            LinkCalls.unlinkat(FileCalls.AT_FDCWD, folder, FileCalls.AT_REMOVEDIR);
        }
    }
}

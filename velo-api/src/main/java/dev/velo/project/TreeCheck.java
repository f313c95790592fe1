package dev.velo.project;

import dev.velo.core.format.Manifest;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.TreeDifference;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** A tree beside what its tool makes now, out of nothing. Nothing is changed. */
public final class TreeCheck {
    private final Store store;
    private final ReadyTree tree;
    private final TreeMaker maker;

    public TreeCheck(Store store, ReadyTree tree, TreeMaker maker) {
        this.store = store;
        this.tree = tree;
        this.maker = maker;
    }

    /** Tells of each difference: from what the tool makes to what is shown. Times do not count. */
    public void run(TreeDifference.Listener listener) throws IOException {
        byte[] path = PathBytes.join(store.path(Store.Room.COPIES), PublishedFile.newName());
        try {
            maker.again(tree.tree(), tree.key(), path);
            Manifest made = Store.readManifest(path);
            Manifest shown = new Roots(store).manifest(tree.root());
            TreeDifference.between(made, shown, new WithoutTimes(listener));
        } finally {
            Places.removeIfThere(path);
        }
    }

    /** Files that a tool has just written have other times than those that it wrote before. */
    private record WithoutTimes(TreeDifference.Listener listener) implements TreeDifference.Listener {
        @Override
        public void added(byte[] path, int entry) throws IOException {
            listener.added(path, entry);
        }

        @Override
        public void deleted(byte[] path, int entry) throws IOException {
            listener.deleted(path, entry);
        }

        @Override
        public void changed(byte[] path, int oldEntry, int newEntry, Set<TreeDifference.Aspect> aspects)
                throws IOException {
            EnumSet<TreeDifference.Aspect> others = EnumSet.copyOf(aspects);
            others.remove(TreeDifference.Aspect.MTIME);
            if (!others.isEmpty()) {
                listener.changed(path, oldEntry, newEntry, others);
            }
        }
    }
}

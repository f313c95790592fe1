package dev.velo.project;

import dev.velo.core.format.Manifest;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.TreeDifference;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A tree and its parts beside what its tool makes now, out of nothing. Nothing is changed. */
public final class TreeCheck {
    private final Store store;
    private final ReadyTree tree;
    private final TreeMaker maker;

    public TreeCheck(Store store, ReadyTree tree, TreeMaker maker) {
        this.store = store;
        this.tree = tree;
        this.maker = maker;
    }

    /** Who hears of differences. */
    @FunctionalInterface
    public interface Told {
        /** What hears of those of a tree, or of a part of it. */
        TreeDifference.Listener of(ProjectTree tree);
    }

    /** Tells of each difference: from what the tool makes to what is shown. Times do not count. */
    public void run(Told told) throws IOException {
        byte[] name = PublishedFile.newName();
        byte[] folder = PathBytes.join(store.path(Store.Room.COPIES), name);
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, folder, 0700);
        try {
            Roots roots = new Roots(store);
            Map<String, ReadyTree> shown = new LinkedHashMap<>();
            tree.all().forEach(each -> shown.put(each.tree().name(), each));
            for (ReadyTree each : maker.again(tree.tree(), tree.key(), folder).all()) {
                ReadyTree known = shown.remove(each.tree().name());
                Manifest before = known == null ? TreeMaker.nothing() : roots.manifest(known.root());
                compare(Store.readManifest(each.root().manifestPath()), before, each.tree(), told);
            }
            for (ReadyTree known : shown.values()) {
                compare(TreeMaker.nothing(), roots.manifest(known.root()), known.tree(), told);
            }
        } finally {
            Trash.take(store, store.fd(Store.Room.COPIES), name);
            Trash.empty(store);
        }
    }

    private static void compare(Manifest made, Manifest shown, ProjectTree tree, Told told) throws IOException {
        TreeDifference.between(made, shown, new WithoutTimes(told.of(tree)));
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

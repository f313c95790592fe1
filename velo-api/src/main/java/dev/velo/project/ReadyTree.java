package dev.velo.project;

import dev.velo.core.present.Presenter;
import dev.velo.core.present.Upper;
import dev.velo.core.present.User;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree of a project that the store has.
 *
 * @param parts what its tool made at further places, as for the packages of a workspace: each is a tree of its own that comes and goes with
 *     this one, under a key made of this one's; parts have none
 */
public record ReadyTree(ProjectTree tree, TreeKey key, Root root, List<ReadyTree> parts) {
    private static final String UPPERS = "uppers";

    public ReadyTree {
        parts = List.copyOf(parts);
    }

    /** The tree and its parts, in this order. */
    public List<ReadyTree> all() {
        List<ReadyTree> all = new ArrayList<>();
        all.add(this);
        all.addAll(parts);
        return all;
    }

    /** All of these and their parts. */
    public static List<ReadyTree> all(List<ReadyTree> trees) {
        return trees.stream().flatMap(tree -> tree.all().stream()).toList();
    }

    /** What of the trees of projects becomes real: what tools of this user made is this user's. */
    static MetadataPolicy policy() {
        return User.current().policy(Root.Trust.UNTRUSTED);
    }

    /** What shows it; the store stays open as long as that is used. */
    public Presenter presenter(Store store) {
        return new Presenter(store, root.tree(), policy(), () -> new Roots(store).manifest(root));
    }

    /**
     * Where the project keeps what is written over this tree: a folder for each key and what was made for it, so that a changed tree has a
     * new one, and one that was forgotten and came out otherwise when it was made again.
     */
    public Upper upper() throws IOException {
        byte[] uppers =
                tree.project().state(UPPERS, new String(tree.declaration().fileName(), StandardCharsets.UTF_8));
        return Upper.open(PathBytes.join(uppers, upperName(key, root)), root.tree());
    }

    private static byte[] upperName(TreeKey key, Root root) {
        return PathBytes.of(key.shortName() + "-" + root.tree().toString().substring(0, 16));
    }

    /**
     * Deletes what the project in this folder keeps of what was written over a tree that is forgotten. What somebody writes to now stays,
     * and so does what this user may not touch.
     */
    public static void deleteUppers(byte[] folder, KnownTrees.Known forgotten) throws IOException {
        byte[] uppers = PathBytes.join(folder, PathBytes.of(".velo/" + UPPERS));
        Statx stat = new Statx();
        if (!Places.look(PathBytes.parent(uppers), stat)
                || stat.uid() != User.current().uid()
                || !Places.look(uppers, stat)) {
            return;
        }
        for (byte[] tree : DirectoryListing.names(uppers)) {
            byte[] path = PathBytes.join(PathBytes.join(uppers, tree), upperName(forgotten.key(), forgotten.root()));
            if (!Places.look(path, stat)) {
                continue;
            }
            try (Descriptor lock = new Upper(path, false).hold()) {
                Trash.delete(FileCalls.AT_FDCWD, path);
                Upper.release(lock);
            }
        }
    }
}

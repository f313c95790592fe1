package dev.velo.project;

import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.Upper;
import dev.velo.core.present.User;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A tree of a project that the store has. */
public record ReadyTree(ProjectTree tree, TreeKey key, Root root) {
    private static final String UPPERS = "uppers";

    /** How trees of projects are shown: by what lets several be seen at once, and written to. */
    static final List<Presentation> CHAIN = List.of(Presentation.MOUNT, Presentation.LINK);

    /** What of the trees of projects becomes real: what tools of this user made is this user's. */
    static MetadataPolicy policy() {
        MetadataPolicy.Ownership ownership =
                User.current().isRoot() ? MetadataPolicy.Ownership.STORED : MetadataPolicy.Ownership.MAKER;
        return new MetadataPolicy(Root.Trust.UNTRUSTED, ownership);
    }

    /** What shows it; the store stays open as long as that is used. */
    public Presenter presenter(Store store) {
        return new Presenter(store, root.tree(), policy(), () -> new Roots(store).manifest(root));
    }

    /** Where the project keeps what is written over this tree: a folder for each key, so that a changed tree has a new one. */
    public Upper upper() throws IOException {
        byte[] uppers =
                tree.project().state(UPPERS, new String(tree.declaration().fileName(), StandardCharsets.UTF_8));
        return Upper.open(PathBytes.join(uppers, PathBytes.of(key.shortName())), root.tree());
    }
}

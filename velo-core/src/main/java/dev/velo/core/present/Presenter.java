package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Workers;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.ManifestSource;
import dev.velo.core.view.MetadataPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes one tree of a store visible, by a presentation that was chosen or by the first of the chain that can be had. */
public final class Presenter {
    private final Store store;
    private final Digest tree;
    private final MetadataPolicy policy;
    private final ManifestSource source;
    private final @Nullable ImageFiles known;
    private final @Nullable ShimSource shim;

    /** A presentation that could not be had, and why. */
    public record PassedOver(Presentation presentation, String reason) {}

    /** A tree that can be shown, by which presentation, and which were tried before; whoever asked closes the tree. */
    public record Shown(Presented tree, Presentation by, List<PassedOver> passedOver) implements AutoCloseable {
        /** The tree as a directory of this machine, or {@link UnavailableException} if it is none. */
        public ShownTree directory() throws UnavailableException {
            if (tree instanceof ShownTree shown) {
                return shown;
            }
            throw new UnavailableException("a sandbox takes trees that are mounted or linked");
        }

        @Override
        public void close() {
            tree.close();
        }
    }

    /** For a tree of a store that stays open; its manifest is read only if something must be made of it. */
    public Presenter(Store store, Digest tree, MetadataPolicy policy, ManifestSource source) {
        this(store, tree, policy, source, null, null);
    }

    private Presenter(
            Store store,
            Digest tree,
            MetadataPolicy policy,
            ManifestSource source,
            @Nullable ImageFiles known,
            @Nullable ShimSource shim) {
        this.store = store;
        this.tree = tree;
        this.policy = policy;
        this.source = source;
        this.known = known;
        this.shim = shim;
    }

    /** The same for a tree whose image is known: if just that one is mounted, none is opened. */
    public Presenter of(ImageFiles image) {
        return new Presenter(store, tree, policy, source, image, shim);
    }

    /** The same with a preload shim, without which trees cannot be shown by one. */
    public Presenter with(ShimSource libraries) {
        return new Presenter(store, tree, policy, source, known, libraries);
    }

    /** What is done with a tree; {@link UnavailableException} if that takes another presentation. */
    @FunctionalInterface
    public interface Use<T> {
        T of(Shown shown) throws IOException;
    }

    /**
     * Uses the tree by the first presentation of {@link Presentation#CHAIN} that can be had here, and that can be used so.
     *
     * @throws UnavailableException with all the reasons if there is none
     */
    public <T> T auto(Use<T> use) throws IOException {
        return auto(Presentation.CHAIN, use);
    }

    /** As {@link #auto(Use)}, by one of these presentations. */
    public <T> T auto(List<Presentation> chain, Use<T> use) throws IOException {
        List<PassedOver> passedOver = new ArrayList<>();
        for (Presentation presentation : chain) {
            try {
                if (presentation == Presentation.LINK) {
                    OwnNamespaces.require();
                }
                try (Shown shown = new Shown(make(presentation), presentation, List.copyOf(passedOver))) {
                    return use.of(shown);
                }
            } catch (UnavailableException e) {
                passedOver.add(new PassedOver(presentation, String.valueOf(e.getMessage())));
            }
        }
        List<String> reasons = passedOver.stream().map(PassedOver::reason).toList();
        throw new UnavailableException("the tree can be shown in no way: " + String.join("; ", reasons));
    }

    /** By this presentation, or {@link UnavailableException} with the reason. */
    public Shown by(Presentation presentation) throws IOException {
        return new Shown(make(presentation), presentation, List.of());
    }

    private Presented make(Presentation presentation) throws IOException {
        Presented made = switch (presentation) {
            case MOUNT -> mounted();
            case LINK -> Farm.of(store, tree, policy, source, Workers.processors());
            case PRELOAD -> preloaded();
        };
        new Roots(store).noteUse(tree);
        return made;
    }

    private PreloadedTree preloaded() throws IOException {
        if (shim == null) {
            throw new UnavailableException("the preload shim is not part of this program");
        }
        return PreloadedTree.of(store, tree, policy, source, shim);
    }

    /** The anchor of the tree's image. */
    public Anchor anchor() throws IOException {
        Anchor made = mounted();
        new Roots(store).noteUse(tree);
        return made;
    }

    @SuppressWarnings("try") // the lock is only held
    private Anchor mounted() throws IOException {
        Anchor there = known == null ? null : new Anchors(store).find(known);
        if (there != null) {
            return there;
        }
        MountSupport.require(store);
        // packs that the image names may not go before they are mounted
        try (Descriptor shared = store.lockShared();
                Image image = Images.of(store, tree, policy, source)) {
            return new Anchors(store).of(ImageFiles.of(store, image));
        }
    }
}

package dev.velo.project;

import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OverlayUpper;
import dev.velo.core.ingest.Save;
import dev.velo.core.ingest.TreeLook;
import dev.velo.core.present.Anchor;
import dev.velo.core.present.Anchors;
import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.CheckoutReport;
import dev.velo.core.present.DirectoryMount;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.MountTable;
import dev.velo.core.present.Upper;
import dev.velo.core.store.Packs;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * One tree of a project at its place for everybody to see: mounted, under a writable layer of the project's, or as a directory of links
 * or copies. A directory that Velo did not put there is not touched unless that is asked for.
 */
public final class TreeInstallation {
    /** What stands at the place after an installation. */
    public enum Outcome {
        /** What stood there before, which is as it should be. */
        ALREADY,
        MOUNTED,
        /** A directory. */
        CHECKED_OUT
    }

    /** What becomes of a directory that is somebody else's. */
    public enum Foreign {
        REFUSED,
        REPLACED
    }

    /** The outcome, and what users should hear. */
    public record Result(Outcome outcome, List<String> warnings) {}

    private static final String BEGUN = "new";

    private final Store store;
    private final ReadyTree tree;
    private final byte[] place;

    public TreeInstallation(Store store, ReadyTree tree) {
        this.store = store;
        this.tree = tree;
        this.place = tree.tree().place();
    }

    /**
     * Takes away what was put at the place of a tree by {@link #mount} or {@link #checkOut}; what others put there stays. Returns whether
     * anything was taken.
     */
    @SuppressWarnings("try") // the lock is only held
    public static boolean remove(ProjectTree tree) throws IOException {
        byte[] place = tree.place();
        Statx stat = new Statx();
        try (Descriptor alone = tree.project().lock()) {
            if (MountTable.read().begins(place)) {
                DirectoryMount.remove(place);
                Places.removeEmpty(place);
                return true;
            }
            if (!Places.look(place, stat) || !InstalledRecord.of(tree).has(stat)) {
                return false;
            }
            byte[] old = PathBytes.join(tree.project().state(BEGUN), PublishedFile.newName());
            LinkCalls.renameat2(FileCalls.AT_FDCWD, place, FileCalls.AT_FDCWD, old, LinkCalls.RENAME_NOREPLACE);
            Trash.delete(FileCalls.AT_FDCWD, old);
            Places.removeIfThere(InstalledRecord.path(tree));
            return true;
        }
    }

    /** Mounts the tree; {@link dev.velo.core.present.UnavailableException} where that cannot be. */
    @SuppressWarnings("try") // the lock is only held
    public Result mount() throws IOException {
        try (Descriptor alone = tree.tree().project().lock()) {
            Upper upper = tree.upper();
            if (upper.isMountedAt(MountTable.read(), place)) {
                return new Result(Outcome.ALREADY, List.of());
            }
            // commands that see the tree already write there: what is mounted now stays then
            Upper.release(upper.hold());
            try (Anchor anchor = tree.presenter(store).anchor()) {
                unmount();
                Places.makeFolders(place);
                boolean hides = Places.isFilled(place);
                DirectoryMount.show(new Anchors(store), anchor, place, new LaunchOptions.Writes.Kept(upper));
                String shown = PathBytes.show(place);
                return new Result(
                        Outcome.MOUNTED,
                        hides
                                ? List.of(shown
                                        + ": the directory that is there is hidden as long as the tree is mounted")
                                : List.of());
            }
        }
    }

    /** Makes a directory of the tree at its place. */
    @SuppressWarnings("try") // the lock is only held
    public Result checkOut(CheckoutMode mode, Foreign foreign) throws IOException {
        try (Descriptor alone = tree.tree().project().lock()) {
            Manifest manifest = new Roots(store).manifest(tree.root());
            if (!MountTable.read().begins(place)) {
                if (isAsItShouldBe(manifest, mode)) {
                    return new Result(Outcome.ALREADY, List.of());
                }
                requireOwn(foreign);
            }
            Begun begun = make(manifest, mode);
            try {
                unmount();
                requireOwn(foreign);
                begun.put(place, InstalledRecord.of(tree.tree()));
            } catch (IOException e) {
                Trash.discard(begun.path(), e);
                throw e;
            }
            return new Result(Outcome.CHECKED_OUT, begun.report().warnings());
        }
    }

    private boolean isAsItShouldBe(Manifest manifest, CheckoutMode mode) throws IOException {
        Statx stat = new Statx();
        return Places.look(place, stat)
                && InstalledRecord.of(tree.tree()).isOf(stat, tree.key(), mode)
                && TreeLook.isLike(manifest, place);
    }

    private void requireOwn(Foreign foreign) throws IOException {
        Statx stat = new Statx();
        if (foreign == Foreign.REFUSED
                && Places.look(place, stat)
                && !InstalledRecord.of(tree.tree()).has(stat)
                && Places.isFilled(place)) {
            throw new IOException(PathBytes.show(place)
                    + ": was not put there by Velo, and would be replaced; remove it, or say --force");
        }
    }

    /**
     * Makes an ordinary directory of what is seen at the place now, or was seen there by commands of the project: the tree with all that
     * was written over it.
     */
    @SuppressWarnings("try") // the lock is only held
    public Result eject(CheckoutMode mode, IngestListener listener) throws IOException {
        try (Descriptor alone = tree.tree().project().lock()) {
            Statx stat = new Statx();
            boolean isMounted = MountTable.read().begins(place);
            boolean isThere = !isMounted && Places.look(place, stat);
            boolean isOwn = isThere && InstalledRecord.of(tree.tree()).has(stat);
            if (isThere && !isOwn && Places.isFilled(place)) {
                return new Result(
                        Outcome.ALREADY, List.of(PathBytes.show(place) + ": is an ordinary directory already"));
            }
            Begun begun = make(isOwn ? asLeft(listener) : asWritten(listener), mode);
            try {
                unmount();
                begun.put(place, null);
            } catch (IOException e) {
                Trash.discard(begun.path(), e);
                throw e;
            }
            Places.removeIfThere(InstalledRecord.path(tree.tree()));
            return new Result(Outcome.CHECKED_OUT, begun.report().warnings());
        }
    }

    /** The tree with what was written over it. */
    private Manifest asWritten(IngestListener listener) throws IOException {
        OverlayUpper written = OverlayUpper.of(tree.upper().upper());
        Manifest lower = new Roots(store).manifest(tree.root());
        return unregistered(
                (path, options) -> Save.run(store, written, List.of(lower), path, place, options, listener));
    }

    /** The directory at the place. Where tools have changed it, files keep the modes of the links that they were. */
    private Manifest asLeft(IngestListener listener) throws IOException {
        Manifest whole = new Roots(store).manifest(tree.root());
        return TreeLook.isLike(whole, place)
                ? whole
                : unregistered((path, options) -> Ingest.run(store, place, path, options, listener));
    }

    private interface Taking {
        void take(byte[] manifest, IngestOptions options) throws IOException;
    }

    /** A manifest that nobody needs any more when it has been read; its blobs stay until the next collection. */
    private Manifest unregistered(Taking taking) throws IOException {
        byte[] path = PathBytes.join(store.path(Store.Room.COPIES), PublishedFile.newName());
        try {
            taking.take(path, IngestOptions.defaults().withChoices(Set.of(IngestOptions.Choice.NO_ROOT)));
            return Store.readManifest(path);
        } finally {
            Places.removeIfThere(path);
        }
    }

    /** Makes a directory of a tree beside the place, as long as nothing there has changed: the disk may be full. */
    @SuppressWarnings("try") // the lock is only held
    private Begun make(Manifest manifest, CheckoutMode mode) throws IOException {
        byte[] folder = tree.tree().project().state(BEGUN);
        Places.empty(folder);
        byte[] directory = PathBytes.join(folder, PublishedFile.newName());
        try (Descriptor lock = store.lockShared();
                Packs packs = store.packs();
                Descriptor target = Checkout.makeTarget(directory)) {
            CheckoutReport report =
                    Checkout.run(store, packs, manifest, target.fd(), mode, ReadyTree.policy(), Workers.processors());
            return new Begun(directory, tree, mode, report);
        } catch (IOException e) {
            Trash.discard(directory, e);
            throw e;
        }
    }

    private void unmount() throws IOException {
        if (MountTable.read().begins(place)) {
            DirectoryMount.remove(place);
        }
    }
}

package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.present.Farm;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.ManifestCopies;
import dev.velo.core.store.ManifestCopy;
import dev.velo.core.store.Quarantine;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Mends what is not a pack. Under the lock of whoever collects. */
final class FileRepair {
    private final Store store;
    private final Registry registry;
    private final List<String> done;
    private final List<String> left;

    FileRepair(Store store, Registry registry, List<String> done, List<String> left) {
        this.store = store;
        this.registry = registry;
        this.done = done;
        this.left = left;
    }

    @SuppressWarnings("try") // the lock is only held
    void mend(Finding finding) throws IOException {
        Finding.Place place = finding.place();
        if (finding.kind() == Finding.Kind.TREE) {
            left.add(finding.told());
        }
        if (place == null || place.room() == Store.Room.PACKS) {
            return;
        }
        String shown = PathBytes.show(PathBytes.join(store.path(place.room()), place.name()));
        int room = store.fd(place.room());
        try (Descriptor alone = store.lockExclusive()) {
            switch (finding.kind()) {
                case MANIFEST -> restore(place.name(), shown, finding.digest());
                case ROOT ->
                    left.add(shown + ": this registration is lost, and kept as " + aside(place)
                            + "; ingest its tree again");
                case PROFILE -> done.add(shown + ": this recording is damaged, and kept as " + aside(place));
                case IMAGE -> {
                    Trash.delete(room, place.name());
                    done.add(shown + ": the damaged image was removed; it is made anew");
                }
                case LOOSE -> {
                    Trash.take(store, room, place.name());
                    done.add(shown + ": the changed file was moved to the trash; it is made anew");
                }
                case FARM -> {
                    if (Farm.takeIdle(store, place.name())) {
                        done.add(shown + ": the farm was moved to the trash; it is made anew");
                    } else {
                        left.add(shown
                                + ": a run uses this farm, which has a changed file; repair again when it has ended");
                    }
                }
                case PACK, BLOB, MISSING, TREE -> {}
            }
        } catch (ErrnoException e) {
            if (!Tolerance.isGone(e)) {
                throw e.at(shown);
            }
        }
    }

    private String aside(Finding.Place place) throws ErrnoException {
        return PathBytes.show(Quarantine.move(store, store.fd(place.room()), place.name()));
    }

    /** Takes the manifest from a file that it is registered for, if that is still the manifest. */
    private void restore(byte[] name, String shown, @Nullable Digest tree) throws IOException {
        List<Root> roots = tree == null ? List.of() : registry.rootsOf(tree);
        for (Root root : roots) {
            if (tree != null && Registry.isManifest(root.manifestPath(), tree)) {
                byte[] kept = replace(name, root.manifestPath(), tree);
                if (kept != null) {
                    done.add(shown + ": restored from " + PathBytes.show(root.manifestPath())
                            + "; the damaged file is kept as " + PathBytes.show(kept));
                    return;
                }
            }
        }
        String kept = PathBytes.show(Quarantine.move(store, store.fd(Store.Room.ROOTS), name));
        if (roots.isEmpty()) {
            done.add(shown + ": no tree is registered with this damaged manifest; it is kept as " + kept);
        }
        for (Root root : roots) {
            left.add(shown + ": the tree of " + PathBytes.show(root.manifestPath())
                    + " is lost with this manifest, which is kept as " + kept + "; ingest it again from "
                    + PathBytes.show(root.origin()));
        }
    }

    /** Makes a copy from this file; returns where the damaged one is kept, or null if the file is another by now. */
    private byte @Nullable [] replace(byte[] name, byte[] path, Digest tree) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
        try (Arena arena = Arena.ofConfined();
                Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0));
                ManifestCopy copy = new ManifestCopies(store).begin(SyncPolicy.FULL)) {
            MemorySegment bytes = FileBytes.read(arena, file.fd(), PathBytes.show(path), ManifestReader.MAX_BYTES);
            if (!ManifestCopies.digest(bytes).equals(tree)) {
                return null;
            }
            copy.accept(bytes);
            return copy.replace(name);
        }
    }
}

package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.store.FileLease;
import dev.velo.core.store.PackEncoding;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.PackWriter;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Quarantine;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes damaged packs anew. A blob stays where it stands, and one that is read again from a tree's origin takes the place that it had:
 * so a pack of which everything could be had is the same pack again, with the same name, and whoever reads it by its name goes on.
 * Under the lock of whoever collects.
 */
final class PackRepair {
    private static final String NO_PACK = ": somebody has put something else in the place of this pack; move it away";

    private final Store store;
    private final Registry registry;
    private final List<String> done;
    private final List<String> left;
    private final BlobCopier copier = new BlobCopier();

    /** Blobs that trees need and no sound pack has. */
    private final Set<Digest> wanted = new HashSet<>();

    private final Map<Digest, Uses> uses = new HashMap<>();

    /** Names of packs in which no entries were found at first. */
    private final Set<String> unread = new HashSet<>();

    PackRepair(Store store, Registry registry, List<String> done, List<String> left) {
        this.store = store;
        this.registry = registry;
        this.done = done;
        this.left = left;
    }

    /**
     * Repairs.
     *
     * @param damaged names of packs of which something is wrong
     * @param missing blobs that trees need and no pack is known to have
     */
    void run(List<byte[]> damaged, List<Digest> missing) throws IOException {
        wanted.addAll(missing);
        Set<Digest> wrong = new HashSet<>(missing);
        for (byte[] name : damaged) {
            try (SalvagedPack pack = SalvagedPack.open(store, name)) {
                wrong.addAll(wrongBlobs(pack));
                if (pack.entries().isEmpty()) {
                    unread.add(PathBytes.show(name));
                }
            }
        }
        uses.putAll(BlobUses.of(registry, wrong));
        // of a tree whose manifest the disk does not give nobody knows what it needs
        wanted.addAll(registry.isWhole() ? uses.keySet() : wrong);
        removeHealthy(damaged);
        for (byte[] name : damaged) {
            rebuild(name);
        }
        fetchMissing();
        for (Digest lost : wanted.stream().sorted().toList()) {
            left.add("blob " + lost + " is lost: no file at an origin has its bytes; this is "
                    + uses.getOrDefault(lost, Uses.NONE));
        }
    }

    /** What the index names and the bytes are not. */
    private List<Digest> wrongBlobs(SalvagedPack pack) throws IOException {
        List<Digest> wrong = new ArrayList<>();
        for (SalvagedPack.Entry entry : pack.entries()) {
            if (!entry.digest().equals(copier.digest(entry.source()))) {
                wrong.add(entry.digest());
            }
        }
        return wrong;
    }

    /** Blobs that another pack has, and right, are not wanted. */
    private void removeHealthy(List<byte[]> damaged) throws IOException {
        Set<String> names = new HashSet<>();
        damaged.forEach(name -> names.add(PathBytes.show(name)));
        try (OpenPacks packs = OpenPacks.open(store, finding -> {})) {
            for (PackFile pack : packs.all()) {
                if (names.contains(pack.id() + PackFile.SUFFIX)) {
                    continue;
                }
                for (Digest digest : List.copyOf(wanted)) {
                    int entry = pack.index().find(digest);
                    if (entry >= 0) {
                        if (digest.equals(copier.digest(source(new Packs.Location(pack, entry))))) {
                            wanted.remove(digest);
                        }
                    }
                }
            }
        }
    }

    private static BlobCopier.Source source(Packs.Location place) {
        return new BlobCopier.Source(place.pack().fd(), place.offset(), place.storedLength(), place.length());
    }

    private void rebuild(byte[] name) throws IOException {
        String shown = PathBytes.show(PathBytes.join(store.path(Store.Room.PACKS), name));
        SalvagedPack opened;
        try {
            opened = SalvagedPack.open(store, name);
        } catch (ErrnoException e) {
            if (!Tolerance.isDamage(e)) {
                throw e;
            }
            left.add(shown + NO_PACK);
            return;
        }
        try (SalvagedPack old = opened;
                PackWriter writer = new PackWriter(
                        store.fd(Store.Room.PACKS),
                        SyncPolicy.FULL,
                        old.entries().size())) {
            if (unread.contains(PathBytes.show(name)) && !old.entries().isEmpty()) {
                left.add(shown + ": the disk gave the index of this pack at the second try only; repair again");
                return;
            }
            Set<Digest> written = new HashSet<>();
            List<Use> sources = new ArrayList<>();
            for (SalvagedPack.Entry entry : old.entries()) {
                copy(entry, writer, written, sources);
            }
            Digest id = writer.blobCount() == 0 ? null : writer.finish();
            if (!switchTo(id, writer, name, shown, sources)) {
                wanted.addAll(written);
                wanted.retainAll(uses.keySet());
            }
        } catch (ErrnoException e) {
            // a directory has no further name; what else fails says nothing of the pack
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            left.add(shown + NO_PACK);
        }
    }

    private void copy(SalvagedPack.Entry entry, PackWriter writer, Set<Digest> written, List<Use> sources)
            throws IOException {
        Digest digest = entry.digest();
        // an entry of a damaged index may name another blob than the one that stands there
        Predicate<Digest> right = found -> (found.equals(digest) || wanted.contains(found)) && !written.contains(found);
        Digest found = copier.copy(entry.source(), writer, right);
        if (found != null) {
            written.add(found);
            wanted.remove(found);
        } else if (wanted.contains(digest)
                && fetch(digest, entry.source().isRaw() ? PackEncoding.RAW : PackEncoding.COLD, writer, sources)) {
            written.add(digest);
            wanted.remove(digest);
        }
    }

    /** Appends a blob from the first file at an origin that has its bytes; returns whether there was one. */
    private boolean fetch(Digest digest, PackEncoding encoding, PackWriter writer, List<Use> sources)
            throws IOException {
        for (Use use : uses.getOrDefault(digest, Uses.NONE).first()) {
            try (Descriptor file = OriginFile.open(use)) {
                if (file == null) {
                    continue;
                }
                BlobCopier.Source bytes = BlobCopier.Source.raw(file.fd(), 0, use.size());
                Digest found = encoding == PackEncoding.COLD
                        ? copier.compress(bytes, writer, digest::equals)
                        : copier.copy(bytes, writer, digest::equals);
                if (found != null) {
                    sources.add(use);
                    return true;
                }
            }
        }
        return false;
    }

    /** Puts the new pack in the place of the damaged one, which is kept; returns false if that is in use and has to stay. */
    @SuppressWarnings("try") // the lock is only held
    private boolean switchTo(@Nullable Digest id, PackWriter writer, byte[] name, String shown, List<Use> sources)
            throws IOException {
        int packs = store.fd(Store.Room.PACKS);
        boolean same = id != null && PathBytes.show(name).equals(id + PackFile.SUFFIX);
        try (Descriptor alone = store.lockExclusive()) {
            if (!same && FileLease.isHeld(packs, name)) {
                left.add(shown
                        + ": runs with the preload shim use this damaged pack; repair again when they have ended");
                return false;
            }
            byte[] kept = Quarantine.keep(store, packs, name);
            if (id != null) {
                writer.replace(id);
            }
            if (!same) {
                LinkCalls.unlinkat(packs, name, 0);
                FileCalls.fsync(packs);
            }
            forgetImages(name);
            done.add(shown + ": " + what(id, same, writer) + from(sources) + "; the damaged file is kept as "
                    + PathBytes.show(kept));
            return true;
        }
    }

    private static String what(@Nullable Digest id, boolean same, PackWriter writer) {
        if (id == null) {
            return "nothing of it could be used";
        }
        return same ? "made whole again" : writer.blobCount() + " blobs of it are now in " + id + PackFile.SUFFIX;
    }

    private static String from(List<Use> sources) {
        return sources.isEmpty()
                ? ""
                : "; read again from "
                        + PathBytes.show(sources.getFirst().root().origin()) + ": "
                        + new Uses(sources.subList(0, Math.min(sources.size(), Uses.LIMIT)), sources.size());
    }

    private void forgetImages(byte[] pack) throws IOException {
        String name = PathBytes.show(pack);
        try {
            Images.forgetPack(store, Digest.parse(name.substring(0, name.length() - PackFile.SUFFIX.length())));
        } catch (IllegalArgumentException e) {
            // no image can point into a pack of such a name
        }
    }

    /** Writes what no damaged pack had a place for into a pack of its own. */
    private void fetchMissing() throws IOException {
        if (wanted.isEmpty()) {
            return;
        }
        try (PackWriter writer = new PackWriter(store.fd(Store.Room.PACKS), SyncPolicy.FULL, wanted.size())) {
            List<Use> sources = new ArrayList<>();
            Set<Digest> fetched = new HashSet<>();
            for (Digest digest : wanted.stream().sorted().toList()) {
                if (fetch(digest, PackEncoding.RAW, writer, sources)) {
                    fetched.add(digest);
                }
            }
            if (!fetched.isEmpty()) {
                Digest id = writer.seal();
                wanted.removeAll(fetched);
                done.add(id + PackFile.SUFFIX + ": holds " + fetched.size() + " missing blobs" + from(sources));
            }
        }
    }
}

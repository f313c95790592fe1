package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packs of a store whose header, index and footer are right, open; says what is wrong with the others. Owns them until closed.
 * They can be read without the store's lock, since whoever has a pack open keeps it.
 */
final class OpenPacks implements AutoCloseable {
    private final List<PackFile> sound = new ArrayList<>();

    private OpenPacks() {}

    static OpenPacks open(Store store, Consumer<Finding> findings) throws IOException {
        OpenPacks packs = new OpenPacks();
        boolean done = false;
        try {
            for (byte[] name : DirectoryListing.names(store.fd(Store.Room.PACKS))) {
                if (PathBytes.show(name).endsWith(PackFile.SUFFIX)) {
                    packs.add(store, name, findings);
                }
            }
            packs.sound.sort(
                    (a, b) -> Integer.compare(b.index().count(), a.index().count()));
            done = true;
            return packs;
        } finally {
            if (!done) {
                packs.close();
            }
        }
    }

    private void add(Store store, byte[] name, Consumer<Finding> findings) throws IOException {
        String shown = PathBytes.show(PathBytes.join(store.path(Store.Room.PACKS), name));
        Finding.Place place = new Finding.Place(Store.Room.PACKS, name);
        try {
            PackFile pack = PackFile.open(store.fd(Store.Room.PACKS), name, shown);
            try {
                pack.verifyIndex();
                sound.add(pack);
            } catch (FormatException e) {
                pack.close();
                throw e;
            }
        } catch (FormatException e) {
            findings.accept(new Finding(Finding.Kind.PACK, place, e.offset(), Tolerance.message(e), null, Uses.NONE));
        } catch (ErrnoException e) {
            if (Tolerance.isDamage(e)) {
                findings.accept(new Finding(Finding.Kind.PACK, place, 0, Tolerance.message(shown, e), null, Uses.NONE));
            } else if (!Tolerance.isGone(e)) {
                throw e;
            }
        }
    }

    List<PackFile> all() {
        return sound;
    }

    /** Where a pack lists this blob, raw if one has it so, as {@link Packs} finds it; null if none does. */
    Packs.@Nullable Location find(Digest digest) {
        Packs.Location compressed = null;
        for (PackFile pack : sound) {
            int entry = pack.index().find(digest);
            if (entry >= 0 && pack.index().isRaw(entry)) {
                return new Packs.Location(pack, entry);
            }
            compressed = entry < 0 || compressed != null ? compressed : new Packs.Location(pack, entry);
        }
        return compressed;
    }

    @Override
    public void close() throws ErrnoException {
        for (PackFile pack : sound) {
            pack.close();
        }
        sound.clear();
    }
}

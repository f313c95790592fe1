package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sealed packs of a store, as they were when it was opened or last refreshed. Owns the open packs. Looking up is safe for any
 * number of threads; {@link #refresh} and {@link #close} are for the owner.
 */
public final class Packs implements AutoCloseable {
    private static final String REMEDY =
            "velo verify tells which trees need it, velo verify --repair mends it or puts it aside";

    /** Where a blob is: an entry of a pack's index, whose bounds have been checked. */
    public record Location(PackFile pack, int entry) {
        public long offset() {
            return pack.index().offset(entry);
        }

        /** Bytes of the blob, as its readers see it. */
        public long length() {
            return pack.index().length(entry);
        }

        /** Bytes of the blob in the pack. */
        public long storedLength() {
            return pack.index().storedLength(entry);
        }

        /** Whether the blob's own bytes stand there. */
        public boolean isRaw() {
            return pack.index().isRaw(entry);
        }

        public Digest digest() {
            return pack.index().digest(entry);
        }
    }

    private final int directory;
    private final String shown;
    private final Map<String, PackFile> open = new HashMap<>();
    private volatile List<PackFile> packs = List.of();

    Packs(int directory, String shown) throws IOException {
        this.directory = directory;
        this.shown = shown;
        try {
            refresh();
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        }
    }

    /** Gives back what was opened until something failed. */
    private void closeAfter(IOException reason) {
        for (PackFile pack : open.values()) {
            try {
                pack.close();
            } catch (ErrnoException e) {
                reason.addSuppressed(e);
            }
        }
    }

    /** Opens packs that have come, and forgets those that have gone. */
    public void refresh() throws IOException {
        List<PackFile> found = new ArrayList<>();
        for (byte[] name : DirectoryListing.names(directory)) {
            String file = PathBytes.show(name);
            if (file.endsWith(PackFile.SUFFIX)) {
                PackFile pack = open.get(file);
                if (pack == null) {
                    try {
                        pack = PackFile.open(directory, name, shown + "/" + file);
                    } catch (FormatException e) {
                        throw e.withRemedy(REMEDY);
                    }
                    open.put(file, pack);
                }
                found.add(pack);
            }
        }
        // big packs hold most of what is looked for
        found.sort((a, b) -> {
            int order = Integer.compare(b.index().count(), a.index().count());
            return order != 0 ? order : a.id().compareTo(b.id());
        });
        packs = List.copyOf(found);
    }

    public List<PackFile> all() {
        return packs;
    }

    /**
     * Where the blob with this digest is, or null; checks that the entry found is sound. A place where it is compressed is found only
     * if it is raw nowhere: images need the raw one.
     */
    public @Nullable Location find(Digest digest) throws FormatException {
        Location compressed = null;
        for (PackFile pack : packs) {
            Location location = find(pack, digest);
            if (location != null && location.isRaw()) {
                return location;
            }
            compressed = compressed == null ? location : compressed;
        }
        return compressed;
    }

    private static @Nullable Location find(PackFile pack, Digest digest) throws FormatException {
        int entry = pack.index().find(digest);
        if (entry < 0) {
            return null;
        }
        pack.index().requireSound(entry);
        return new Location(pack, entry);
    }

    /** Where the blob with this digest is: in the pack of this id if it is raw there; as {@link #require} otherwise. */
    public Location requireFrom(@Nullable Digest preferred, Digest digest, String wantedBy) throws FormatException {
        for (PackFile pack : packs) {
            Location location = pack.id().equals(preferred) ? find(pack, digest) : null;
            if (location != null && location.isRaw()) {
                return location;
            }
        }
        return require(digest, wantedBy);
    }

    /** Where the blob with this digest is; a blob that no pack holds is an error that names whoever wants it. */
    public Location require(Digest digest, String wantedBy) throws FormatException {
        Location location = find(digest);
        if (location == null) {
            throw new FormatException(
                    wantedBy,
                    0,
                    Reason.MISSING,
                    "blob " + digest + "; ingest the tree again, or name its store with --store");
        }
        return location;
    }

    @Override
    public void close() throws ErrnoException {
        for (PackFile pack : open.values()) {
            pack.close();
        }
        open.clear();
        packs = List.of();
    }
}

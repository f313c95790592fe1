package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.Descriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Lays the blobs of a profile together in one pack: first those that were read for the most part, then large ones of which parts were,
 * both in the order of the tree. The packs that they come from stay as they are.
 */
public final class ProfilePack {
    /**
     * What was laid together.
     *
     * @param blobs how many
     * @param bytes length of the pack
     * @param readBytes how much of it was read
     */
    public record Report(Digest pack, int blobs, long bytes, long readBytes) {}

    /** What nobody has read is read ahead if it lies between: as long as a further request may take. */
    private static final long GAP = 256 << 10;

    private final PackWriter writer;
    private boolean large;

    private ProfilePack(PackWriter writer) {
        this.writer = writer;
    }

    /** Writes the pack, durably, and notes it in the profile of the tree. Blobs that the tree has no more are left out. */
    @SuppressWarnings("try") // the lock is only held
    public static Report write(Store store, Digest tree, Manifest manifest, Profile profile) throws IOException {
        store.requireWritable();
        try (Descriptor shared = store.lockShared();
                Packs packs = store.packs();
                PackWriter writer = new PackWriter(
                        store.fd(Store.Room.PACKS),
                        SyncPolicy.FULL,
                        profile.parts().size())) {
            List<Digest> blobs = inOrder(manifest, profile.parts());
            ProfilePack pack = new ProfilePack(writer);
            BlobReader reader = new BlobReader();
            for (Digest blob : blobs) {
                pack.add(packs.require(blob, manifest.file()), blob, reader);
            }
            Digest id = writer.seal();
            packs.refresh();
            List<Profile.Stretch> read = stretches(id, blobs, profile.parts(), packs, manifest);
            Profile.Layout layout = new Profile.Layout(id, read);
            new Profiles(store)
                    .change(tree, now -> now.parts().equals(profile.parts()) ? new Profile(layout, now.parts()) : now);
            long readBytes = read.stream()
                    .mapToLong(stretch -> stretch.end() - stretch.start())
                    .sum();
            return new Report(id, blobs.size(), writer.length(), readBytes);
        }
    }

    private static List<Digest> inOrder(Manifest manifest, Map<Digest, BitSet> wanted) {
        Set<Digest> whole = new LinkedHashSet<>();
        Set<Digest> inParts = new LinkedHashSet<>();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            int blob = manifest.kind(entry) == EntryKind.FILE ? manifest.blob(entry) : -1;
            BitSet read = blob < 0 ? null : wanted.get(manifest.digest(blob));
            if (read != null) {
                boolean most = 2L * read.cardinality() * Profile.PART_BYTES >= manifest.size(entry);
                (most ? whole : inParts).add(manifest.digest(blob));
            }
        }
        List<Digest> all = new ArrayList<>(whole);
        all.addAll(inParts);
        return all;
    }

    /** What was read, as places in the pack; close ones are joined. */
    private static List<Profile.Stretch> stretches(
            Digest pack, List<Digest> blobs, Map<Digest, BitSet> parts, Packs packs, Manifest manifest)
            throws IOException {
        List<Profile.Stretch> stretches = new ArrayList<>();
        for (Digest blob : blobs) {
            Packs.Location place = packs.requireFrom(pack, blob, manifest.file());
            BitSet read = Objects.requireNonNull(parts.get(blob));
            for (int first = read.nextSetBit(0); first >= 0; ) {
                int end = read.nextClearBit(first);
                long last = Math.min((long) end * Profile.PART_BYTES, place.length());
                add(stretches, place.offset() + (long) first * Profile.PART_BYTES, place.offset() + last);
                first = read.nextSetBit(end);
            }
        }
        return stretches;
    }

    private static void add(List<Profile.Stretch> stretches, long start, long end) {
        Profile.Stretch last = stretches.isEmpty() ? null : stretches.getLast();
        if (last != null && start - last.end() <= GAP) {
            stretches.set(stretches.size() - 1, new Profile.Stretch(last.start(), Math.max(last.end(), end)));
        } else if (start < end) {
            stretches.add(new Profile.Stretch(start, end));
        }
    }

    private void add(Packs.Location location, Digest blob, BlobReader reader) throws IOException {
        large = location.length() > BlobReader.BUFFER_BYTES;
        if (large) {
            writer.beginLarge();
        }
        reader.read(location, blob, bytes -> accept(blob, bytes));
        if (large) {
            writer.endLarge(blob.word0(), blob.word1(), blob.word2(), blob.word3());
        }
    }

    private void accept(Digest blob, MemorySegment bytes) throws IOException {
        if (large) {
            writer.addPiece(bytes);
        } else {
            writer.add(blob.word0(), blob.word1(), blob.word2(), blob.word3(), bytes.address(), bytes.byteSize());
            writer.flush();
        }
    }
}

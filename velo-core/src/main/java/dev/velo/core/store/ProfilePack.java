package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.Descriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lays the blobs of a profile together in one pack, in the order of the tree. The packs that they come from stay as they are. */
public final class ProfilePack {
    /**
     * What was laid together.
     *
     * @param blobs how many
     * @param bytes length of the pack
     */
    public record Report(Digest pack, int blobs, long bytes) {}

    private final PackWriter writer;
    private boolean large;

    private ProfilePack(PackWriter writer) {
        this.writer = writer;
    }

    /** Writes the pack, durably, and notes it in the profile of the tree. Blobs that the tree has no more are left out. */
    @SuppressWarnings("try") // the lock is only held
    public static Report write(Store store, Digest tree, Manifest manifest, Profile profile) throws IOException {
        List<Digest> blobs = new ArrayList<>(inOrder(manifest, profile.blobs()));
        try (Descriptor shared = store.lockShared();
                Packs packs = store.packs();
                PackWriter writer = new PackWriter(store.fd(Store.Room.PACKS), SyncPolicy.FULL, blobs.size())) {
            ProfilePack pack = new ProfilePack(writer);
            BlobReader reader = new BlobReader();
            for (Digest blob : blobs) {
                pack.add(packs.require(blob, manifest.file()), blob, reader);
            }
            Digest id = writer.seal();
            new Profiles(store)
                    .change(tree, now -> new Profile(now.blobs().equals(profile.blobs()) ? id : null, now.blobs()));
            return new Report(id, blobs.size(), writer.length());
        }
    }

    private static Set<Digest> inOrder(Manifest manifest, Set<Digest> wanted) {
        Set<Digest> blobs = new LinkedHashSet<>();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            int blob = manifest.kind(entry) == EntryKind.FILE ? manifest.blob(entry) : -1;
            if (blob >= 0 && wanted.contains(manifest.digest(blob))) {
                blobs.add(manifest.digest(blob));
            }
        }
        return blobs;
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

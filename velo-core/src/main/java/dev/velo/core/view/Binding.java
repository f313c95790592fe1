package dev.velo.core.view;

import dev.velo.core.format.ByteSink;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Binds a manifest to the packs that hold its blobs: writes the image. The same manifest, policy, owner, packs and seed give the same
 * bytes.
 *
 * @param policy what of the manifest becomes real
 * @param uid owner of all that keeps no owner of its own
 * @param blockShift logarithm of the block size, 9 to 12; blobs must stand at multiples of the block
 * @param hashSeed places the paths in the table; one that is not known beforehand keeps strangers from choosing colliding names
 */
record Binding(MetadataPolicy policy, int uid, int gid, int blockShift, long hashSeed) {
    private static final int UUID_BYTES = 16;
    private static final int SEARCH_BITS = 0111;

    /** Writes the image of this tree to the sink. */
    void write(Manifest manifest, Digest tree, BlobPlaces.Finder finder, ByteSink sink) throws IOException {
        BlobPlaces places = new BlobPlaces(manifest, finder);
        requireSizes(manifest, places);
        InodeFacts facts = new InodeFacts(manifest, policy, uid, gid);
        ImageLayout layout = new ImageLayout(manifest, facts, places, blockShift);
        try (Arena arena = Arena.ofConfined()) {
            ImageOutput out = new ImageOutput(arena, sink);
            new ImageWriter(manifest, facts, places, layout, out).write(uuid(tree, places));
            PathTableBuilder table = new PathTableBuilder(arena, manifest, layout, hashSeed);
            MemorySegment digests = arena.allocate(Math.max(1, manifest.digestBytes().length), Long.BYTES);
            MemorySegment.copy(
                    manifest.digestBytes(), 0, digests, ValueLayout.JAVA_BYTE, 0, manifest.digestBytes().length);
            MemorySegment names = digests.asSlice(0, manifest.digestBytes().length);
            for (MemorySegment section : new MemorySegment[] {names, table.slots(), table.paths()}) {
                out.putSegment(section);
            }
            ImageTrailer trailer = new ImageTrailer(
                    flags(manifest),
                    out.position() + ImageFormat.TRAILER_BYTES,
                    layout.erofsBytes(),
                    table.paths().byteSize(),
                    hashSeed,
                    manifest.blobCount(),
                    table.pathCount(),
                    table.slotShift(),
                    tree,
                    out.checksum());
            out.putBytes(trailer.toBytes());
            out.flush();
        }
    }

    private int flags(Manifest manifest) throws FormatException {
        int flags = ManifestTree.mayHaveDirectoryLinks(manifest) ? ImageFormat.FLAG_DIRECTORY_LINKS : 0;
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.DIRECTORY
                    && (policy.mode(manifest, entry) & SEARCH_BITS) != SEARCH_BITS) {
                return flags | ImageFormat.FLAG_CLOSED_DIRECTORIES;
            }
        }
        return flags;
    }

    /** A pack that disagrees with the manifest would show bytes of its neighbours behind the end of a file. */
    private static void requireSizes(Manifest manifest, BlobPlaces places) throws FormatException {
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            int blob = manifest.kind(entry) == EntryKind.FILE ? manifest.blob(entry) : -1;
            if (blob >= 0 && places.length(blob) != manifest.size(entry)) {
                throw new FormatException(
                        manifest.file(),
                        0,
                        Reason.INCONSISTENT,
                        "blob " + manifest.digest(blob) + " has " + places.length(blob) + " bytes and not "
                                + manifest.size(entry));
            }
        }
    }

    private byte[] uuid(Digest tree, BlobPlaces places) {
        MessageDigest sha = Hashing.sha256();
        ByteBuffer facts = ByteBuffer.allocate(Digest.BYTES + 32).order(ByteOrder.LITTLE_ENDIAN);
        facts.put(tree.toBytes()).putInt(uid).putInt(gid).putInt(blockShift);
        facts.putLong(hashSeed);
        sha.update(facts.array());
        sha.update(PathBytes.of(policy.toString()));
        for (BlobDevice pack : places.devices()) {
            sha.update(pack.id().toBytes());
        }
        return Arrays.copyOf(sha.digest(), UUID_BYTES);
    }
}

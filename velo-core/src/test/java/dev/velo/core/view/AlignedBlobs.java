package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.Packs;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** All blobs of a tree in one file, each at a multiple of 4096, for readers of EROFS that know no smaller blocks. */
final class AlignedBlobs implements BlobDevice, AutoCloseable {
    static final int BLOCK_SHIFT = 12;
    private static final long ALIGNMENT = 1 << BLOCK_SHIFT;
    private static final int BUFFER_BYTES = 1 << 20;

    private final Descriptor file;
    private final Map<Digest, Place> places = new HashMap<>();
    private long end = ALIGNMENT;

    private AlignedBlobs(Descriptor file) {
        this.file = file;
    }

    /** Copies the blobs out of their packs; zeros in large ones become holes. */
    static AlignedBlobs of(Manifest manifest, Packs packs, Path path) throws IOException {
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL;
        AlignedBlobs blobs = new AlignedBlobs(
                new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, TestStore.bytes(path), flags, 0600)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
            MemorySegment zeros = arena.allocate(BUFFER_BYTES, Long.BYTES);
            for (int blob = 0; blob < manifest.blobCount(); blob++) {
                Digest digest = manifest.digest(blob);
                Packs.Location location = packs.require(digest, manifest.file());
                blobs.places.put(digest, new Place(blobs, blobs.end, location.length()));
                for (long at = 0; at < location.length(); at += BUFFER_BYTES) {
                    long count = Math.min(BUFFER_BYTES, location.length() - at);
                    FileBytes.readFully(location.pack().fd(), buffer.address(), count, location.offset() + at);
                    if (count < BUFFER_BYTES || buffer.mismatch(zeros) >= 0) {
                        PublishedFile.writeFully(blobs.file.fd(), buffer.address(), count, blobs.end + at);
                    }
                }
                blobs.end = (blobs.end + location.length() + ALIGNMENT - 1) & -ALIGNMENT;
            }
            FileCalls.ftruncate(blobs.file.fd(), blobs.end);
        } catch (IOException e) {
            blobs.close();
            throw e;
        }
        return blobs;
    }

    Place require(Digest digest) throws IOException {
        Place place = places.get(digest);
        if (place == null) {
            throw new IOException("no blob " + digest);
        }
        return place;
    }

    @Override
    public Digest id() {
        return SketchedTree.digest(PathBytes.of("aligned"));
    }

    @Override
    public int fd() {
        return file.fd();
    }

    @Override
    public long blobBytes() {
        return end;
    }

    @Override
    public void close() {
        file.close();
    }
}

package dev.velo.core.store;

import dev.velo.core.format.ByteSink;
import dev.velo.core.format.CompactManifestReader;
import dev.velo.core.format.CompactManifestWriter;
import dev.velo.core.format.Digest;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The store's copy of a manifest while it is made: takes the manifest's bytes, writes the compact form of them, and the manifest itself
 * if that is not longer. Nobody sees it before it is kept. Owns its file until closed; belongs to one thread.
 */
public final class ManifestCopy implements ByteSink, AutoCloseable {
    private final Store store;
    private final int directory;
    private final SyncPolicy sync;
    private final CompactManifestWriter writer;
    private PublishedFile file;

    ManifestCopy(Store store, SyncPolicy sync) throws ErrnoException {
        this.store = store;
        this.directory = store.fd(Store.Room.ROOTS);
        this.sync = sync;
        this.file = create();
        this.writer = new CompactManifestWriter(chunk -> file.accept(chunk));
    }

    private PublishedFile create() throws ErrnoException {
        return PublishedFile.create(directory, Settling.rootMode(sync));
    }

    /** Appends these bytes of the manifest. */
    @Override
    public void accept(MemorySegment chunk) throws IOException {
        writer.accept(chunk);
    }

    /** Gives the copy its name, unless the store has one of this manifest. */
    public void keep(Digest tree) throws IOException {
        finish();
        boolean isNew = file.publishNew(ManifestCopies.name(tree));
        if (!isNew && sync != SyncPolicy.NONE) {
            // what is there may be of somebody who did not wait for the disk
            int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW;
            try (Descriptor there = new Descriptor(FileCalls.openat(directory, ManifestCopies.name(tree), flags, 0))) {
                FileCalls.fsync(there.fd());
                Settling.mark(there.fd());
            }
        }
    }

    /** Makes the copy ready to be named, and waits for its bytes. */
    private void finish() throws IOException {
        MemorySegment header = writer.finish();
        PublishedFile.writeFully(file.fd(), header.address(), header.byteSize(), 0);
        if (writer.isShorter()) {
            store.admitCompactCopies();
        } else {
            writePlain();
        }
        if (sync != SyncPolicy.NONE) {
            FileCalls.fsync(file.fd());
        }
    }

    private void writePlain() throws IOException {
        PublishedFile compact = file;
        file = create();
        try (compact;
                Arena arena = Arena.ofConfined()) {
            String shown = PathBytes.show(store.path(Store.Room.ROOTS));
            MemorySegment bytes = FileBytes.read(arena, compact.fd(), shown, ManifestReader.MAX_BYTES);
            file.accept(CompactManifestReader.expand(shown, bytes, arena));
        }
    }

    /**
     * Gives the copy the name of a damaged one, durably.
     *
     * @return where the damaged one is kept
     */
    public byte[] replace(byte[] damaged) throws IOException {
        finish();
        byte[] kept = Quarantine.keep(store, directory, damaged);
        file.publishOver(damaged);
        FileCalls.fsync(directory);
        return kept;
    }

    /** What tells the file of the copy from others. */
    public FileIdentity identity() throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.fstatx(file.fd(), stat);
        return FileIdentity.of(stat);
    }

    @Override
    public void close() throws ErrnoException {
        writer.close();
        file.close();
    }
}

package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.store.BlobReader;
import dev.velo.core.store.Packs;
import dev.velo.core.store.SparseWriter;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;

/** Makes files of trees as copies of their own, for one thread. Every byte is held against its digest on the way. */
final class FileCopies {
    /** Whether the copies share blocks with the packs. */
    enum Blocks {
        SHARED_WHERE_POSSIBLE,
        SHARED,
        OWN
    }

    private final Manifest manifest;
    private final Packs packs;
    private final MetadataPolicy metadata;
    private final Blocks blocks;
    private final BlobReader reader = new BlobReader();
    private final SparseWriter writer = new SparseWriter();
    private boolean canShare;

    FileCopies(Packs packs, Manifest manifest, MetadataPolicy metadata, Blocks blocks) {
        this.manifest = manifest;
        this.packs = packs;
        this.metadata = metadata;
        this.blocks = blocks;
        this.canShare = blocks != Blocks.OWN;
    }

    /** Makes the file of this entry in a directory, with this mode. */
    void make(int directory, int entry, int mode) throws IOException {
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_NOFOLLOW;
        try (Descriptor file = new Descriptor(FileCalls.openat(directory, manifest.nameAddress(entry), flags, 0600))) {
            try {
                if (manifest.blob(entry) >= 0) {
                    fill(entry, file.fd());
                }
                FileMetadata.apply(metadata, manifest, entry, file.fd(), mode);
            } catch (IOException e) {
                discard(directory, entry, e);
                throw e;
            }
        }
    }

    private void discard(int directory, int entry, IOException reason) {
        try {
            LinkCalls.unlinkat(directory, manifest.nameAddress(entry), 0);
        } catch (ErrnoException e) {
            reason.addSuppressed(e);
        }
    }

    private void fill(int entry, int fd) throws IOException {
        Digest digest = manifest.digest(manifest.blob(entry));
        Packs.Location location = packs.require(digest, manifest.file());
        boolean hasBlocks = location.isRaw() && location.length() >= PackFormat.LARGE_BYTES;
        if (canShare && hasBlocks && share(location, digest, fd)) {
            return;
        }
        reader.read(location, digest, writer.begin(fd));
        writer.finish();
    }

    /** Lets the file share the blob's blocks; returns whether it does. */
    private boolean share(Packs.Location location, Digest digest, int fd) throws IOException {
        long length = location.length();
        try {
            FileCalls.ficlonerange(
                    fd, 0, location.pack().fd(), location.offset(), PackFormat.align(length, PackFormat.PAGE_BYTES));
        } catch (ErrnoException e) {
            if (blocks == Blocks.SHARED) {
                throw new IOException(
                        "no blocks can be shared with " + location.pack().file() + " here ("
                                + e.errno().text() + "); use --copy",
                        e);
            }
            boolean impossible = e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EXDEV || e.errno() == Errno.ENOTTY;
            if (impossible || e.errno() == Errno.EINVAL) {
                canShare = false;
                return false;
            }
            throw e;
        }
        FileCalls.ftruncate(fd, length);
        // sharing copies nothing, but what is shared must still be right
        reader.read(location, digest, piece -> {});
        return true;
    }
}

package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;

/** A file that holds blobs, as an image points into it. */
interface BlobDevice {
    Digest id();

    /** Open for reading. */
    int fd();

    /** Bytes from the start of the file to the end of its blobs. */
    long blobBytes();

    /**
     * Where a blob is.
     *
     * @param offset from the start of the device
     */
    record Place(BlobDevice device, long offset, long length) {
        static Place of(Packs.Location location) {
            return new Place(new OfPack(location.pack()), location.offset(), location.length());
        }
    }

    /** A pack of a store. */
    record OfPack(PackFile pack) implements BlobDevice {
        @Override
        public Digest id() {
            return pack.id();
        }

        @Override
        public int fd() {
            return pack.fd();
        }

        @Override
        public long blobBytes() {
            return pack.blobBytes();
        }
    }
}

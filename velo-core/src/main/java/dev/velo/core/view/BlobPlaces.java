package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in the packs of a store the blobs of one manifest stand. */
final class BlobPlaces {
    /** Finds a blob; the packs that it names become the devices of the image. */
    @FunctionalInterface
    interface Finder {
        Packs.Location require(Digest digest) throws IOException;
    }

    /** Smaller blobs are not looked through for holes. */
    private static final long SPARSE_BYTES = 1 << 20;

    private final List<PackFile> devices = new ArrayList<>();
    private final int[] device;
    private final long[] offset;
    private final long[] length;

    BlobPlaces(Manifest manifest, Finder finder) throws IOException {
        int count = manifest.blobCount();
        device = new int[count];
        offset = new long[count];
        length = new long[count];
        Map<PackFile, Integer> known = new HashMap<>();
        for (int blob = 0; blob < count; blob++) {
            Packs.Location location = finder.require(manifest.digest(blob));
            device[blob] = known.computeIfAbsent(location.pack(), pack -> {
                devices.add(pack);
                return devices.size();
            });
            offset[blob] = location.offset();
            length[blob] = location.length();
        }
        if (devices.size() > ErofsFormat.MAX_DEVICES) {
            throw new IOException(manifest.file() + ": its blobs are in " + devices.size()
                    + " packs, and an image takes " + ErofsFormat.MAX_DEVICES + "; join them with velo repack");
        }
    }

    /** The packs, in the order of their device numbers, which begin at 1. */
    List<PackFile> devices() {
        return devices;
    }

    int device(int blob) {
        return device[blob];
    }

    /** Bytes from the start of the pack. */
    long offset(int blob) {
        return offset[blob];
    }

    long length(int blob) {
        return length[blob];
    }

    /** Whether the pack has holes where this blob stands. */
    boolean isSparse(int blob) throws ErrnoException {
        if (length[blob] < SPARSE_BYTES) {
            return false;
        }
        long hole = FileCalls.lseek(fd(blob), offset[blob], FileCalls.SEEK_HOLE);
        return hole < offset[blob] + length[blob];
    }

    /** Which chunks of this many bytes of a sparse blob hold data. */
    BitSet dataChunks(int blob, long chunkBytes) throws ErrnoException {
        BitSet chunks = new BitSet();
        long start = offset[blob];
        long end = start + length[blob];
        long at = start;
        while (at < end) {
            long data = nextData(fd(blob), at, end);
            if (data >= end) {
                break;
            }
            long hole = Math.min(end, FileCalls.lseek(fd(blob), data, FileCalls.SEEK_HOLE));
            chunks.set((int) ((data - start) / chunkBytes), (int) ((hole - 1 - start) / chunkBytes) + 1);
            at = hole;
        }
        return chunks;
    }

    private static long nextData(int fd, long from, long end) throws ErrnoException {
        try {
            return FileCalls.lseek(fd, from, FileCalls.SEEK_DATA);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENXIO) {
                return end;
            }
            throw e;
        }
    }

    private int fd(int blob) {
        return devices.get(device[blob] - 1).fd();
    }
}

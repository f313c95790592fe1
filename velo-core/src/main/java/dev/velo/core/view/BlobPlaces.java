package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.Manifest;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in packs the blobs of one manifest stand. */
final class BlobPlaces {
    /** Finds a blob; the files that it names become the devices of the image. */
    @FunctionalInterface
    interface Finder {
        BlobDevice.Place require(Digest digest) throws IOException;
    }

    /** Smaller blobs are not looked through for holes. */
    private static final long SPARSE_BYTES = 1 << 20;

    private final List<BlobDevice> devices = new ArrayList<>();
    private final int[] device;
    private final long[] offset;
    private final long[] length;

    BlobPlaces(Manifest manifest, Finder finder) throws IOException {
        int count = manifest.blobCount();
        device = new int[count];
        offset = new long[count];
        length = new long[count];
        Map<BlobDevice, Integer> known = new HashMap<>();
        for (int blob = 0; blob < count; blob++) {
            BlobDevice.Place place = finder.require(manifest.digest(blob));
            device[blob] = known.computeIfAbsent(place.device(), found -> {
                devices.add(found);
                return devices.size();
            });
            offset[blob] = place.offset();
            length[blob] = place.length();
        }
        if (devices.size() > ErofsFormat.MAX_DEVICES) {
            throw new IOException(manifest.file() + ": its blobs are in " + devices.size()
                    + " packs, and an image takes " + ErofsFormat.MAX_DEVICES + "; join them with velo repack");
        }
    }

    /** The packs, in the order of their device numbers, which begin at 1. */
    List<BlobDevice> devices() {
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

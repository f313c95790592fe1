package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import dev.velo.core.store.CompressedBlob;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Reads blobs of packs and holds them against their digests. All threads share the stretches of the packs, in the order of the files,
 * so that together they read forward.
 */
final class ContentsCheck {
    private final VerifyListener listener;
    private final VerifiedPacks verified;
    private final Consumer<Finding> findings;
    private final AtomicLong blobs = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * A check.
     *
     * @param findings safe for any number of threads
     */
    ContentsCheck(VerifyListener listener, VerifiedPacks verified, Consumer<Finding> findings) {
        this.listener = listener;
        this.verified = verified;
        this.findings = findings;
    }

    void run(List<PackReading> readings, int threads) throws IOException {
        List<PackReading.Stretch> stretches = new ArrayList<>();
        for (PackReading reading : readings) {
            listener.toRead(reading.bytes());
            stretches.addAll(reading.stretches());
        }
        AtomicInteger next = new AtomicInteger();
        Workers.run(threads, "velo-verify", worker -> {
            Reader reader = new Reader();
            for (int i = next.getAndIncrement(); i < stretches.size(); i = next.getAndIncrement()) {
                reader.read(stretches.get(i));
            }
        });
    }

    long blobs() {
        return blobs.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** What one thread reads with. */
    private final class Reader {
        private final MemorySegment buffer = Arena.ofAuto().allocate(PackReading.STRETCH_BYTES, Long.BYTES);
        private final MessageDigest sha = Hashing.sha256();
        private final CompressedBlob codec = new CompressedBlob();
        private final byte[] found = new byte[Digest.BYTES];

        void read(PackReading.Stretch stretch) throws IOException {
            PackReading reading = stretch.reading();
            long start = reading.start(stretch.from());
            long length = reading.end(stretch.to() - 1) - start;
            boolean atOnce = length <= PackReading.STRETCH_BYTES && fill(reading.pack, start, length);
            for (int i = stretch.from(); i < stretch.to(); i++) {
                if (atOnce) {
                    check(reading, i, buffer.asSlice(reading.start(i) - start, reading.end(i) - reading.start(i)));
                } else if (reading.isRaw(i)) {
                    readAlone(reading, i);
                } else {
                    readBlockAlone(reading, i);
                }
            }
            if (reading.endsWithThis() && reading.before != null) {
                if (reading.isDamaged()) {
                    verified.remove(reading.pack);
                } else {
                    verified.add(reading.pack, reading.before);
                }
            }
        }

        /** Fills the buffer; false if the disk does not give all of that. */
        private boolean fill(PackFile pack, long start, long length) throws IOException {
            try {
                return FileBytes.readFully(pack.fd(), buffer.address(), length, start) == length;
            } catch (ErrnoException e) {
                if (Tolerance.isDamage(e)) {
                    return false;
                }
                throw e;
            }
        }

        /** Reads one blob, so that what the disk does not give of its neighbours is no fault of it. */
        private void readAlone(PackReading reading, int i) throws IOException {
            long end = reading.end(i);
            for (long at = reading.start(i); at < end; at += PackReading.STRETCH_BYTES) {
                long part = Math.min(PackReading.STRETCH_BYTES, end - at);
                if (!fill(reading.pack, at, part)) {
                    sha.reset();
                    notGiven(reading, i);
                    return;
                }
                sha.update(buffer.asSlice(0, part).asByteBuffer());
            }
            hold(reading, i);
        }

        private void readBlockAlone(PackReading reading, int i) throws IOException {
            int stored = (int) (reading.end(i) - reading.start(i));
            byte[] block = codec.block(stored);
            for (int done = 0; done < stored; done += PackReading.STRETCH_BYTES) {
                int part = Math.min(PackReading.STRETCH_BYTES, stored - done);
                if (!fill(reading.pack, reading.start(i) + done, part)) {
                    notGiven(reading, i);
                    return;
                }
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, block, done, part);
            }
            decompress(reading, i, stored);
        }

        private void check(PackReading reading, int i, MemorySegment bytes) {
            if (reading.isRaw(i)) {
                sha.update(bytes.asByteBuffer());
                hold(reading, i);
            } else {
                int stored = (int) bytes.byteSize();
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, codec.block(stored), 0, stored);
                decompress(reading, i, stored);
            }
        }

        private void decompress(PackReading reading, int i, int stored) {
            int length = (int) reading.pack.index().length(reading.entries[i]);
            if (codec.decompress(stored, length)) {
                sha.update(codec.bytes(length), 0, length);
                hold(reading, i);
            } else {
                damaged(reading, i, Reason.WRONG_CONTENT, "the LZ4 block of blob ");
                count(reading, i);
            }
        }

        private void hold(PackReading reading, int i) {
            try {
                sha.digest(found, 0, Digest.BYTES);
            } catch (DigestException e) {
                throw new IllegalStateException(e);
            }
            if (!Digest.of(found, 0).equals(reading.pack.index().digest(reading.entries[i]))) {
                damaged(reading, i, Reason.WRONG_CONTENT, "blob ");
            }
            count(reading, i);
        }

        private void count(PackReading reading, int i) {
            long length = reading.end(i) - reading.start(i);
            blobs.incrementAndGet();
            bytes.addAndGet(length);
            listener.read(length);
        }

        private void notGiven(PackReading reading, int i) {
            damaged(reading, i, Reason.TRUNCATED, "what the disk gives of blob ");
        }

        private void damaged(PackReading reading, int i, Reason reason, String what) {
            reading.setDamaged();
            PackFile pack = reading.pack;
            Digest digest = pack.index().digest(reading.entries[i]);
            FormatException told = new FormatException(pack.file(), reading.start(i), reason, what + digest);
            Finding.Place place = new Finding.Place(Store.Room.PACKS, PathBytes.of(pack.id() + PackFile.SUFFIX));
            findings.accept(new Finding(
                    Finding.Kind.BLOB, place, reading.start(i), Tolerance.message(told), digest, Uses.NONE));
        }
    }
}

package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackIndex;
import dev.velo.core.format.Reason;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Reads blobs and holds them against their digests, on all processors. Collects what is wrong instead of stopping at it. */
public final class Verification {
    private static final int STRIPES = 64;
    private static final int HEX_DIGITS = 2 * Digest.BYTES;

    /**
     * What was found.
     *
     * @param blobs how many blobs were read
     * @param loose how many loose inodes were read
     * @param problems what is wrong, a sentence each
     */
    public record Report(long blobs, long loose, long bytes, List<String> problems) {
        /** The same with what somebody else found. */
        public Report with(List<String> more) {
            List<String> all = new ArrayList<>(problems);
            all.addAll(more);
            Collections.sort(all);
            return new Report(blobs, loose, bytes, all);
        }
    }

    private final Store store;
    private final int threads;
    private final AtomicLong blobs = new AtomicLong();
    private final AtomicLong looseFiles = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final List<String> problems = Collections.synchronizedList(new ArrayList<>());

    private Verification(Store store, int threads) {
        this.store = store;
        this.threads = threads;
    }

    /** Verifies every pack, blob, loose inode, registered manifest and root of a store. */
    public static Report ofStore(Store store, int threads) throws IOException {
        Verification verification = new Verification(store, threads);
        verification.packs();
        verification.loose(Store.Room.OBJECTS);
        verification.loose(Store.Room.HANDED);
        verification.roots();
        return verification.report();
    }

    /** Verifies every blob of a tree. */
    public static Report ofTree(Store store, Manifest manifest, int threads) throws IOException {
        Verification verification = new Verification(store, threads);
        verification.tree(manifest);
        return verification.report();
    }

    private Report report() {
        List<String> sorted = new ArrayList<>(problems);
        Collections.sort(sorted);
        return new Report(blobs.get(), looseFiles.get(), bytes.get(), sorted);
    }

    private void packs() throws IOException {
        String shown = PathBytes.show(store.path(Store.Room.PACKS));
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.PACKS))) {
            if (!PathBytes.show(name).endsWith(PackFile.SUFFIX)) {
                continue;
            }
            try (PackFile pack = PackFile.open(store.fd(Store.Room.PACKS), name, shown + "/" + PathBytes.show(name))) {
                pack.verifyIndex();
                int count = pack.index().count();
                Integer[] order = inFileOrder(pack.index());
                inStripes(count, (reader, i) -> check(reader, new Packs.Location(pack, order[i])));
            } catch (FormatException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private static Integer[] inFileOrder(PackIndex index) {
        Integer[] order = new Integer[index.count()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (left, right) -> Long.compare(index.offset(left), index.offset(right)));
        return order;
    }

    private void tree(Manifest manifest) throws IOException {
        try (Packs packs = store.packs()) {
            int[] firstUse = firstUses(manifest);
            int[] parents = manifest.parents();
            inStripes(manifest.blobCount(), (reader, blob) -> {
                String wanted = manifest.file() + ": " + manifest.describe(firstUse[blob], parents);
                try {
                    Packs.Location location = packs.require(manifest.digest(blob), wanted);
                    if (location.length() != manifest.size(firstUse[blob])) {
                        throw new FormatException(
                                location.pack().file(),
                                location.offset(),
                                Reason.INCONSISTENT,
                                "length of a blob of " + wanted);
                    }
                    read(reader, location);
                } catch (FormatException e) {
                    problems.add(
                            e.file().equals(wanted) ? String.valueOf(e.getMessage()) : wanted + ": " + e.getMessage());
                }
            });
        }
    }

    private static int[] firstUses(Manifest manifest) {
        int[] uses = new int[manifest.blobCount()];
        for (int entry = manifest.entryCount() - 1; entry >= 0; entry--) {
            if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) >= 0) {
                uses[manifest.blob(entry)] = entry;
            }
        }
        return uses;
    }

    private void check(BlobReader reader, Packs.Location location) throws IOException {
        try {
            read(reader, location);
        } catch (FormatException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void read(BlobReader reader, Packs.Location location) throws IOException {
        location.pack().index().requireSound(location.entry());
        reader.read(location, location.pack().index().digest(location.entry()), piece -> {});
        blobs.incrementAndGet();
        bytes.addAndGet(location.length());
    }

    /** Of a store that can only be read, those that its owner has opened to this user. */
    private void loose(Store.Room room) throws IOException {
        if (!store.has(room)) {
            return;
        }
        List<byte[]> folders = DirectoryListing.names(store.fd(room));
        Workers.forEach(threads, "velo-verify", folders.size(), i -> {
            byte[] folder = folders.get(i);
            int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;
            try (Descriptor directory = new Descriptor(FileCalls.openat(store.fd(room), folder, flags, 0))) {
                for (byte[] name : DirectoryListing.names(directory.fd())) {
                    looseFile(
                            directory.fd(),
                            PathBytes.join(PathBytes.join(store.path(room), folder), name),
                            folder,
                            name);
                }
            } catch (ErrnoException e) {
                if (!store.isWithheld(e)) {
                    throw e;
                }
            }
        });
    }

    private void looseFile(int directory, byte[] path, byte[] folder, byte[] name) throws IOException {
        String digits = PathBytes.show(folder) + PathBytes.show(name);
        try (Descriptor file =
                new Descriptor(FileCalls.openat(directory, name, FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW, 0))) {
            Digest expected = Digest.parse(digits.substring(0, Math.min(HEX_DIGITS, digits.length())));
            Digest found = FileBytes.digest(file.fd());
            Statx stat = new Statx();
            FileCalls.fstatx(file.fd(), stat);
            looseFiles.incrementAndGet();
            bytes.addAndGet(stat.size());
            boolean sameMode = digits.startsWith(String.format("-%04o-", stat.mode() & 07777), HEX_DIGITS);
            if (!sameMode || !found.equals(expected)) {
                problems.add(
                        PathBytes.show(path) + ": somebody has changed this shared file; remove it, it is made anew");
            }
        } catch (IllegalArgumentException e) {
            problems.add(PathBytes.show(path) + ": not a file of Velo's");
        } catch (ErrnoException e) {
            // a mode of 0000 keeps its owner out as well
            if (e.errno() != Errno.EACCES && e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private void roots() throws IOException {
        String folder = PathBytes.show(store.path(Store.Room.ROOTS));
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.ROOTS))) {
            String file = PathBytes.show(name);
            byte[] path = PathBytes.join(store.path(Store.Room.ROOTS), name);
            try {
                if (file.endsWith(".velo")) {
                    Store.readManifest(path);
                    if (!file.equals(Roots.digestOf(path) + ".velo")) {
                        throw new FormatException(
                                folder + "/" + file, 0, Reason.WRONG_CONTENT, "SHA-256 of the manifest");
                    }
                } else if (file.endsWith(".root")) {
                    new Roots(store).check(name);
                } else if (file.endsWith(Profiles.SUFFIX)) {
                    new Profiles(store).check(name);
                }
            } catch (FormatException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private interface BlobJob {
        void run(BlobReader reader, int number) throws IOException;
    }

    /** Runs the job for each number; neighbours go to one thread, so that each reads forward. */
    private void inStripes(int count, BlobJob job) throws IOException {
        int stripes = Math.min(Math.max(1, count), STRIPES);
        Workers.forEach(threads, "velo-verify", stripes, stripe -> {
            BlobReader reader = new BlobReader();
            int end = (int) ((long) count * (stripe + 1) / stripes);
            for (int i = (int) ((long) count * stripe / stripes); i < end; i++) {
                job.run(reader, i);
            }
        });
    }
}

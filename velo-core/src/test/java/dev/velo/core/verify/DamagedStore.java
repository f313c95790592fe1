package dev.velo.core.verify;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A store with two trees in two packs, and ways to damage it.
 *
 * <pre>
 * one/                    two/
 * ├── a/                  ├── same     as one/a/small
 * │   ├── small           └── other
 * │   └── twin  as small
 * ├── b/
 * │   └── large  1.3 MB
 * └── hard  a further name of b/large
 * </pre>
 */
final class DamagedStore implements AutoCloseable {
    static final VerifyOptions STRUCTURE = VerifyOptions.of(Depth.STRUCTURE);
    static final VerifyOptions CONTENTS = VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO);

    private static final int LARGE_BYTES = 1_300_000;

    final TestStore own = TestStore.createInMemory();
    final Path one = own.directory("one");
    final Path two = own.directory("two");

    DamagedStore() throws IOException {
        Files.createDirectories(one.resolve("a"));
        Files.createDirectories(one.resolve("b"));
        Files.write(one.resolve("a/small"), noise(1, 3000));
        Files.write(one.resolve("a/twin"), noise(1, 3000));
        Files.write(one.resolve("b/large"), noise(2, LARGE_BYTES));
        Files.createLink(one.resolve("hard"), one.resolve("b/large"));
        Files.write(two.resolve("same"), noise(1, 3000));
        Files.write(two.resolve("other"), noise(3, 70_000));
        own.ingest(one);
        own.ingest(two);
    }

    static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    Report verify(VerifyOptions options) throws IOException {
        return Verification.ofStore(own.store(), options);
    }

    RepairReport repair(VerifyOptions options) throws IOException {
        return Repair.run(own.store(), () -> verify(options));
    }

    /** The pack that has the file of a tree. */
    Path pack(Path tree, String path) throws IOException {
        try (Packs packs = own.store().packs()) {
            return Path.of(place(packs, tree, path).pack().file());
        }
    }

    /** Where in the pack the file's blob stands. */
    long offset(Path tree, String path) throws IOException {
        try (Packs packs = own.store().packs()) {
            return place(packs, tree, path).offset();
        }
    }

    private Packs.Location place(Packs packs, Path tree, String path) throws IOException {
        Manifest manifest = own.manifest(tree);
        int entry = manifest.find(path.getBytes(StandardCharsets.US_ASCII));
        int file = manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
        return packs.require(manifest.digest(manifest.blob(file)), path);
    }

    /** Inverts a byte of the blob of a file; returns the pack. */
    Path damageBlob(Path tree, String path, int at) throws IOException {
        Path pack = pack(tree, path);
        damage(pack, offset(tree, path) + at);
        return pack;
    }

    /** Inverts a byte of a file; counted from its end if it is negative. */
    static void damage(Path file, long at) throws IOException {
        Files.setAttribute(file, "unix:mode", 0600);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long place = at < 0 ? bytes.length() + at : at;
            bytes.seek(place);
            int value = bytes.read();
            bytes.seek(place);
            bytes.write(~value);
        }
    }

    List<Path> roots(String suffix) throws IOException {
        return own.files(Store.Room.ROOTS).stream()
                .filter(file -> file.toString().endsWith(suffix))
                .toList();
    }

    List<Path> quarantine() throws IOException {
        return own.files(Store.Room.QUARANTINE);
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}

package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.Fuzz;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a small file of a store, it is read or refused. */
class StoreFilesFuzzTest {
    private static final String ROOT = """
            velo-root 1
            tree 75a2cd7520707764ffd66308b79da2f92541a5868eafcf9dc9f90b8c54a3f6e0
            manifest /home/you/a%20shop/deps.velo
            origin /home/you/shop/node_modules
            trust UNTRUSTED
            device 1090921693184
            inode 1648788
            size 289112
            modified 1795246650258066832
            changed -1795246650266066832
            """;
    private static final String DIGEST = "75a2cd7520707764ffd66308b79da2f92541a5868eafcf9dc9f90b8c54a3f6e0";
    private static final String PROFILE = "velo-profile 1\npack " + DIGEST + " 512-70000 70656-90112\n" + DIGEST
            + " 0-1 3-9\nffa2cd7520707764ffd66308b79da2f92541a5868eafcf9dc9f90b8c54a3f6e0\n";

    @TempDir
    private Path folder;

    /** With the checksum put right, so that what stands behind it is reached. */
    private static byte[] sealed(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        byte[] line = String.format("crc32c %08x%n", crc.getValue()).getBytes(StandardCharsets.US_ASCII);
        byte[] sealed = Arrays.copyOf(body, body.length + line.length);
        System.arraycopy(line, 0, sealed, body.length, line.length);
        return sealed;
    }

    @Test
    void roots() throws IOException {
        Fuzz.of("root").with(sealed(ROOT.getBytes(StandardCharsets.US_ASCII))).run(input -> Root.decode("root", input));
    }

    @Test
    void rootsWithARightChecksum() throws IOException {
        Fuzz.of("root").with(ROOT).run(input -> Root.decode("root", sealed(input)));
    }

    @Test
    void profiles() throws IOException {
        Fuzz.of("profile").with(PROFILE, "velo-profile 1\npack -\n").run(input -> {
            Profile.decodeLayout("profile", input);
            Profile profile = Profile.decode("profile", input);
            Profile.decode("profile", profile.encode());
        });
    }

    @Test
    void formats() throws IOException {
        Path store = folder.resolve("store");
        Store.open(TestStore.bytes(store)).close();
        Path format = store.resolve("FORMAT");
        Fuzz.of("format").with(Files.readAllBytes(format)).run(input -> {
            Files.write(format, input);
            Store.open(TestStore.bytes(store)).close();
        });
    }

    @Test
    void statCachesWithARightChecksum() throws IOException, InterruptedException {
        try (TestStore store = TestStore.create()) {
            Path tree = store.directory("tree");
            Files.writeString(tree.resolve("one"), "one");
            Files.writeString(tree.resolve("two"), "two");
            TestStore.settle();
            store.ingest(tree);
            Path cache = store.files(Store.Room.STATS).stream()
                    .filter(file ->
                            StatCache.isName(PathBytes.of(file.getFileName().toString())))
                    .findFirst()
                    .orElseThrow();
            Path manifest = store.files(Store.Room.ROOTS).stream()
                    .filter(file -> file.toString().endsWith(ManifestCopies.SUFFIX))
                    .findFirst()
                    .orElseThrow();
            Digest digest = Digest.parse(manifest.getFileName().toString().substring(0, 64));
            byte[] digests = new Roots(store.store()).manifest(digest).digestBytes();
            try (Packs packs = store.store().packs()) {
                Fuzz.of("statcache").with(Files.readAllBytes(cache)).run(input -> {
                    Files.write(cache, sealedCache(input, digests));
                    StatCache loaded = StatCache.load(store.store(), PathBytes.of(tree), packs);
                    loaded.find(1, 2, 3, 4, 5);
                });
            }
        }
    }

    private static byte[] sealedCache(byte[] input, byte[] digests) {
        int field = StatCacheFormat.headerField("crc32c");
        int header = (int) StatCacheFormat.HEADER.byteSize();
        if (input.length >= header) {
            CRC32C crc = new CRC32C();
            crc.update(input, 0, field);
            crc.update(input, field + Integer.BYTES, input.length - field - Integer.BYTES);
            ByteBuffer words = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
            if (words.getInt(StatCacheFormat.headerField("own_blob_count")) == 0) {
                crc.update(digests);
            }
            words.putInt(field, (int) crc.getValue());
        }
        return input;
    }

    @Test
    void digests() throws IOException {
        Fuzz.of("digest").with(DIGEST, "", "é").run(input -> {
            try {
                Digest.parse(new String(input, StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException e) {
                // which is what it says of them
            }
        });
    }
}

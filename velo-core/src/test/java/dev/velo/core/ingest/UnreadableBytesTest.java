package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.Manifest;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.MountCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that fails in the middle of a large file: the image under its file system ends there. */
class UnreadableBytesTest {
    private static final int READABLE = 5 << 19;

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private static byte[] noise(int seed, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** Where in the image these 4,096 bytes stand, or -1. */
    private static long find(Path image, byte[] block) throws IOException {
        try (FileChannel channel = FileChannel.open(image)) {
            ByteBuffer found = ByteBuffer.allocate(block.length);
            for (long at = 0; at < channel.size(); at += 1024) {
                channel.read(found.clear(), at);
                if (Arrays.equals(found.array(), block)) {
                    return at;
                }
            }
        }
        return -1;
    }

    @Test
    void whatFollowsAFileThatBreaksOffIsStoredRightly() throws IOException {
        byte[] content = noise(1, 4 << 20);
        Path point = store.directory("point");
        try (TestMount mount = TestMount.ext4(point, 32)) {
            Files.write(mount.point().resolve("broken"), content);
        }
        Path image = point.resolveSibling("point.img");
        long end = find(image, Arrays.copyOfRange(content, READABLE, READABLE + 4096));
        assumeTrue(end > 0, "the file's blocks are not found in the image");
        Path broken = Files.createFile(tree.resolve("broken"));
        Files.write(tree.resolve("next"), noise(2, 1_000));
        Files.write(tree.resolve("other-large"), noise(3, 3_000_000));
        Files.write(tree.resolve("small"), noise(4, 2_000));
        try (TestMount mount = TestMount.again(point)) {
            MountCalls.mount(
                    TestStore.bytes(mount.point().resolve("broken")),
                    TestStore.bytes(broken),
                    null,
                    MountCalls.MS_BIND,
                    null);
            try {
                try (RandomAccessFile disk = new RandomAccessFile(image.toFile(), "rw")) {
                    disk.setLength(end);
                }
                assertThatThrownBy(() -> store.ingest(tree))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(broken.toString());
                for (int threads : new int[] {1, 4}) {
                    requireRest(threads);
                }
            } finally {
                MountCalls.umount2(TestStore.bytes(broken), MountCalls.MNT_DETACH);
            }
        }
    }

    private void requireRest(int threads) throws IOException {
        IngestOptions o = TestStore.options();
        IngestReport report = store.ingest(
                tree,
                new IngestOptions(
                        o.owner(),
                        o.mtime(),
                        o.sync(),
                        o.trust(),
                        Set.of(IngestOptions.Choice.SKIP_UNREADABLE, IngestOptions.Choice.REHASH),
                        o.excludes(),
                        o.includes(),
                        o.prefix(),
                        threads,
                        o.packBytes()));
        assertThat(report.warnings()).singleElement().asString().contains("broken");
        Manifest manifest = store.manifest(tree);
        assertThat(manifest.find(PathBytes.of("broken"))).isEqualTo(-1);
        assertThat(manifest.find(PathBytes.of("other-large"))).isPositive();
        assertThat(store.problems(manifest)).isEmpty();
        assertThat(store.problems()).isEmpty();
        assertThat(store.packBytes()).isLessThan(3_100_000);
    }
}

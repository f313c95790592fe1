package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mounted tree is the ingested one, in everything that can be seen of it. */
class MountRoundTripTest {
    private static final TreeComparison.Options EXACTLY =
            TreeComparison.Options.standard().with(Aspect.OWNER).without(Aspect.SOCKETS);

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        TestImage.assumeMounts(store);
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        new Anchors(store.store()).unmountIdle();
        store.close();
    }

    private Anchor anchor() throws IOException {
        IngestReport report = store.ingest(tree);
        return new Presenter(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree)).anchor();
    }

    @Test
    void aHostileTreeIsMountedExactly() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.standard().withEntries(5_000));
        try (Anchor anchor = anchor()) {
            Path mounted = Path.of(PathBytes.show(anchor.tree()));
            assertThat(TreeComparison.differences(tree, mounted, EXACTLY)).isEmpty();
        }
    }

    @Test
    void aSparseFileOfFiveGibibytesHasItsBytesAndHoles() throws IOException {
        long size = 5L << 30;
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
            file.setLength(size);
            file.seek(3L << 30);
            file.write(new byte[] {1, 2, 3});
        }
        try (Anchor anchor = anchor()) {
            Path mounted = Path.of(PathBytes.show(anchor.tree())).resolve("sparse");
            assertThat(Files.size(mounted)).isEqualTo(size);
            try (FileChannel channel = FileChannel.open(mounted)) {
                ByteBuffer bytes = ByteBuffer.allocate(5);
                channel.read(bytes, (3L << 30) - 1);
                assertThat(bytes.array()).containsExactly(0, 1, 2, 3, 0);
                channel.read(bytes.clear(), size - 5);
                assertThat(bytes.array()).containsOnly(0);
            }
        }
    }
}

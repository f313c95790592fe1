package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.ingest.TestMount;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkouts that share blocks with the packs, or say that they cannot. */
class ReflinkCheckoutTest {
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

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whereNoBlocksCanBeSharedTheErrorNamesTheWayOut() throws IOException {
        String type = Files.getFileStore(tree).type();
        assumeTrue(type.startsWith("ext") || type.equals("tmpfs"), type + " may share blocks");
        Files.write(tree.resolve("large"), noise(70_000));
        store.ingest(tree);
        Path target = store.folder().resolve("out");
        assertThatThrownBy(() -> store.checkout(store.manifest(tree), target, CheckoutMode.REFLINK, TestStore.EXACT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("--copy");
        assertThat(target.resolve("large")).doesNotExist();
    }

    @Test
    void whereBlocksCanBeSharedTheyAreAndTheTreeIsExact() throws IOException {
        // XFS has no numbers for the largest devices, and no room for the longest targets
        HostileTree.generate(
                tree, HostileTree.Options.small().with(Feature.LARGE_FILES).without(Feature.DEVICES));
        Files.delete(tree.resolve("symlinks/long-target"));
        Files.write(tree.resolve("huge"), noise(60_000_001));
        Path point = store.directory("point");
        try (TestMount mount = TestMount.reflinking(point);
                TestStore own = TestStore.in(Files.createDirectory(mount.point().resolve("own")))) {
            own.ingest(tree);
            sync(point);
            long free = Files.getFileStore(point).getUnallocatedSpace();
            Path target = own.folder().resolve("out");
            own.checkout(own.manifest(tree), target, CheckoutMode.REFLINK, TestStore.EXACT);
            sync(point);
            assertThat(free - Files.getFileStore(point).getUnallocatedSpace()).isLessThan(20_000_000);
            assertThat(TreeComparison.differences(
                            tree, target, TreeComparison.Options.standard().with(Aspect.OWNER)))
                    .isEmpty();
            Files.write(target.resolve("huge"), new byte[4096]);
            assertThat(own.problems()).isEmpty();
        }
    }

    private static void sync(Path file) throws IOException {
        try {
            new ProcessBuilder("sync", "-f", file.toString()).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

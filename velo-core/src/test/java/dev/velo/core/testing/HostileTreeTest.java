package dev.velo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.core.testing.HostileTree.Options;
import dev.velo.core.testing.TreeComparison.Aspect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostileTreeTest {
    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createTempDirectory("hostile");
    }

    @AfterEach
    void deleteRoot() throws IOException {
        HostileTree.deleteTree(root);
        assertThat(root).doesNotExist();
    }

    @Test
    void equalOptionsGiveEqualTrees() throws IOException {
        Path first = Files.createDirectory(root.resolve("first"));
        Path second = Files.createDirectory(root.resolve("second"));
        HostileTree.Summary made = HostileTree.generate(first, Options.standard());
        assertThat(made.entries()).isBetween(10_000, 10_100);
        assertThat(HostileTree.generate(second, Options.standard())).isEqualTo(made);
        assertThat(TreeComparison.differences(
                        first, second, TreeComparison.Options.standard().with(Aspect.OWNER)))
                .isEmpty();
    }

    @Test
    void anotherSeedGivesOtherContents() throws IOException {
        Path first = Files.createDirectory(root.resolve("first"));
        Path second = Files.createDirectory(root.resolve("second"));
        HostileTree.generate(first, Options.small());
        HostileTree.generate(second, Options.small().withSeed(2));
        assertThat(TreeComparison.differences(first, second))
                .anyMatch(difference -> difference.startsWith("./sizes/size-4096: content differs"));
    }

    @Test
    void rareFeaturesCanBeHad() throws IOException {
        HostileTree.Summary made = HostileTree.generate(
                root, Options.small().with(Feature.MANY, Feature.HUGE_SPARSE_FILE, Feature.SOCKETS));
        assertThat(made.entries()).isGreaterThan(70_000);
        assertThat(root.resolve("sparse/huge")).hasSize((4L << 30) + 12_345);
        assertThat(root.resolve("special/socket")).exists();
        try (var names = Files.list(root.resolve("many"))) {
            assertThat(names.count()).isEqualTo(70_000);
        }
    }

    @Test
    void rootHasEverythingWhereTheFileSystemCan() throws IOException {
        HostileTree.Summary made = HostileTree.generate(root, Options.small());
        if (HostileTree.isRoot()) {
            assertThat(made.leftOut()).noneMatch(what -> what.startsWith("node"));
            assertThat(Files.readAttributes(root.resolve("modes/directory-0000"), "unix:mode"))
                    .containsEntry("mode", 0040000);
        }
    }
}

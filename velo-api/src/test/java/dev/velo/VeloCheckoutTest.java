package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.velo.core.testing.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real directories made of a view. */
final class VeloCheckoutTest {
    @TempDir
    private Path folder;

    private SmallTree small;

    @BeforeEach
    void open() throws IOException {
        small = SmallTree.open(folder);
    }

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void aCopyIsTheTreeAndMayBeWrittenTo() throws Exception {
        Path copy = folder.resolve("copy");

        VeloCheckout.Report report = small.view().checkout(copy, VeloCheckout.of(VeloCheckout.Mode.COPY));

        assertThat(TreeComparison.differences(small.tree(), copy)).isEmpty();
        assertThat(report.files()).isEqualTo(3);
        assertThat(report.copied()).isZero();
        Files.writeString(copy.resolve("greeting"), "changed");
        assertThat(small.store().verify().problems()).isEmpty();
    }

    @Test
    void linksAreSharedWithTheStoreAndCannotBeWrittenTo() throws Exception {
        VeloCheckout links = new VeloCheckout(VeloCheckout.Mode.LINK, 1);

        VeloCheckout.Report first = small.view().checkout(small.directory("one"), links);
        VeloCheckout.Report second = small.view().checkout(folder.resolve("two"), links);

        assertThat(first.linked() + first.copied()).isEqualTo(3);
        assertThat(second).isEqualTo(first);
        if (first.copied() == 0) {
            assertThat(Files.getAttribute(folder.resolve("one/greeting"), "unix:ino"))
                    .isEqualTo(Files.getAttribute(folder.resolve("two/greeting"), "unix:ino"));
            assertThat(Files.getAttribute(folder.resolve("one/greeting"), "unix:mode"))
                    .isEqualTo(0100444);
        }
        assertThat(folder.resolve("two/sub/deep")).hasContent("deep");
    }

    @Test
    void aDirectoryThatHoldsSomethingIsLeftAlone() throws Exception {
        Path mine = small.directory("mine");
        Files.writeString(mine.resolve("file"), "x");

        assertThatIOException()
                .isThrownBy(() -> small.view().checkout(mine, VeloCheckout.of(VeloCheckout.Mode.COPY)))
                .withMessageContaining("mine");

        assertThat(mine).isDirectoryContaining("glob:**/file");
        assertThat(mine.toFile().list()).hasSize(1);
    }

    @Test
    void aPlaceThatCannotBeMadeIsNamed() {
        assertThatIOException()
                .isThrownBy(() -> small.view()
                        .checkout(folder.resolve("tree/greeting/x"), VeloCheckout.of(VeloCheckout.Mode.COPY)))
                .withMessageContaining("greeting");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new VeloCheckout(VeloCheckout.Mode.COPY, 0));
    }

    @Test
    void aCheckoutThatFailsLeavesNothing() throws Exception {
        try (var packs = Files.list(folder.resolve("store/packs"))) {
            for (Path pack : packs.toList()) {
                Files.delete(pack);
            }
        }

        assertThatIOException()
                .isThrownBy(
                        () -> small.view().checkout(folder.resolve("copy"), VeloCheckout.of(VeloCheckout.Mode.COPY)));
        assertThat(folder.resolve("copy")).doesNotExist();
        assertThatIOException()
                .isThrownBy(
                        () -> small.view().checkout(small.directory("empty"), VeloCheckout.of(VeloCheckout.Mode.COPY)));
        assertThat(folder.resolve("empty")).isEmptyDirectory();
    }
}

package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.velo.core.testing.TreeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views mounted at directories, for everybody to see. */
final class VeloMountTest {
    @TempDir
    private Path folder;

    private SmallTree small;
    private Path place;

    @BeforeEach
    void open() throws IOException {
        small = SmallTree.open(folder);
        Privileges.assumeMounts(small);
        place = small.directory("place");
    }

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void theMountedTreeIsTheTreeUntilItIsClosed() throws Exception {
        Files.writeString(place.resolve("hidden"), "x");
        VeloMount mount = small.view().mount(place);

        assertThat(mount.directory()).isEqualTo(place);
        assertThat(TreeComparison.differences(small.tree(), place)).isEmpty();
        assertThatIOException().isThrownBy(() -> Files.writeString(place.resolve("new"), "x"));
        mount.close();
        mount.close();
        assertThat(place.toFile().list()).containsExactly("hidden");
    }

    @Test
    void theInodeNumbersAreThoseOfTheView() throws Exception {
        try (VeloMount mount = small.view().mount(place)) {
            for (VeloEntry entry : small.view().list("")) {
                Object inode = Files.getAttribute(
                        mount.directory().resolve(entry.path()), "unix:ino", java.nio.file.LinkOption.NOFOLLOW_LINKS);
                assertThat(inode).isEqualTo(entry.inode());
            }
        }
    }

    @Test
    void writesGoWhereTheyAreSaidTo() throws Exception {
        Path upper = folder.resolve("upper");
        try (VeloMount mount = small.view().mount(place, new VeloWrites.Kept(upper))) {
            Files.writeString(mount.directory().resolve("greeting"), "kept\n");
        }
        try (VeloMount mount = small.view().mount(place, new VeloWrites.Kept(upper))) {
            assertThat(mount.directory().resolve("greeting")).hasContent("kept");
        }
        try (VeloMount mount = small.view().mount(place, new VeloWrites.Discarded())) {
            Files.writeString(mount.directory().resolve("greeting"), "gone\n");
        }
        try (VeloMount mount = small.view().mount(place)) {
            assertThat(mount.directory().resolve("greeting")).hasContent("hello");
        }
        assertThat(small.store().verify().problems()).isEmpty();
    }

    @Test
    void aMountOutlivesViewAndStore() throws Exception {
        VeloMount mount = small.view().mount(place);
        small.close();

        assertThat(place.resolve("sub/deep")).hasContent("deep");
        mount.close();
        assertThat(place).isEmptyDirectory();
        assertThatIllegalStateException().isThrownBy(() -> small.view().mount(place));
    }

    @Test
    void aMountInUseIsClosedLater() throws Exception {
        VeloMount mount = small.view().mount(place);
        Process user =
                new ProcessBuilder("sleep", "60").directory(place.toFile()).start();
        try {
            assertThatIOException().isThrownBy(mount::close).withMessageContaining("is in use");
        } finally {
            user.destroyForcibly().waitFor();
        }
        mount.close();
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void whatSomebodyElseHasUnmountedIsSaid() throws Exception {
        VeloMount mount = small.view().mount(place);
        new ProcessBuilder("umount", place.toString()).start().waitFor();

        assertThatIOException().isThrownBy(mount::close).withMessageContaining("nothing is mounted there");
    }

    @Test
    void thereMustBeADirectory() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> small.view().mount(folder.resolve("no")));
        assertThatIOException()
                .isThrownBy(() -> small.view().mount(folder.resolve("tree/greeting")))
                .withMessageContaining("is no directory");
    }

    @Test
    void manyMountAndUnmountAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> rounds = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Path own = small.directory("place" + i);
                rounds.add(threads.submit(() -> {
                    for (int round = 0; round < 10; round++) {
                        try (VeloMount mount = small.view().mount(own)) {
                            assertThat(mount.directory().resolve("greeting")).hasContent("hello");
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> round : rounds) {
                round.get();
            }
        }
    }
}

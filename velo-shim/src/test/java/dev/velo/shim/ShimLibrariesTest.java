package dev.velo.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.velo.core.present.ShimFiles;
import dev.velo.core.present.UnavailableException;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libraries come into a store once, whole, and for everybody to read. */
class ShimLibrariesTest {
    private static final int MANY = 16;

    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void openStore() throws Exception {
        store = Store.open(PathBytes.of(folder.resolve("store")));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private static Path path(byte[] bytes) {
        return Path.of(PathBytes.show(bytes));
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ShimLibraries.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }

    private List<String> room() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("store/shim"))) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theStoreHoldsWhatTheBuildHolds() throws Exception {
        String architecture = Architecture.current().resourceName();
        ShimFiles files = ShimLibraries.BUILT.in(store.place(Store.Room.SHIM));
        assertThat(ShimLibraries.BUILT.arePresent()).isTrue();
        assertThat(path(files.library())).hasBinaryContent(resource("libvelo-" + architecture + ".so"));
        assertThat(path(files.audit())).hasBinaryContent(resource("libvelo-audit-" + architecture + ".so"));
        assertThat(path(files.empty())).isEmptyDirectory();
        for (byte[] made : List.of(files.library(), files.audit(), files.empty())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path(made))))
                    .isEqualTo("r-xr-xr-x");
        }
    }

    @Test
    void aSecondTimeNothingIsMade() throws Exception {
        Path library = path(ShimLibraries.BUILT.in(store.place(Store.Room.SHIM)).library());
        Object inode = Files.getAttribute(library, "unix:ino");
        assertThat(path(ShimLibraries.BUILT.in(store.place(Store.Room.SHIM)).library()))
                .isEqualTo(library);
        assertThat(Files.getAttribute(library, "unix:ino")).isEqualTo(inode);
        assertThat(room()).hasSize(2).contains("empty");
    }

    @Test
    void manyAtOnceMakeOne() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(MANY)) {
            Callable<ShimFiles> task = () -> ShimLibraries.BUILT.in(store.place(Store.Room.SHIM));
            for (Future<ShimFiles> made : threads.invokeAll(
                    IntStream.range(0, MANY).mapToObj(i -> task).toList())) {
                assertThat(path(made.get().library())).exists();
                assertThat(path(made.get().audit())).exists();
            }
        }
        assertThat(room()).hasSize(2);
    }

    @Test
    void anotherArchitectureIsToldInOneSentence() {
        ShimLibraries strange = new ShimLibraries("pdp11");
        assertThat(strange.arePresent()).isFalse();
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> strange.in(store.place(Store.Room.SHIM)))
                .withMessageContainingAll("no preload shim for pdp11", "C compiler");
    }
}

package dev.velo.core.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The base that is made of a busybox. */
class BusyboxTest {
    private static final Path PROGRAM = Path.of("/bin/busybox");

    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "busybox is not installed");
        store = TestStore.create();
    }

    @AfterEach
    void deleteStore() throws IOException {
        if (store != null) {
            store.close();
        }
    }

    private Path manifest(String name) {
        return store.folder().resolve(name + ".velo");
    }

    private IngestReport make(Path program, String name) throws IOException {
        try (Busybox busybox = Busybox.open(TestStore.bytes(program))) {
            return TreeIntake.run(
                    store.store(),
                    TestStore.bytes(manifest(name)),
                    TestStore.options(),
                    new IngestListener() {},
                    new BusyboxTree(busybox));
        }
    }

    /** What is said of a program that cannot be used. */
    private static IOException refused(Path program) {
        return catchThrowableOfType(
                IOException.class, () -> Busybox.open(TestStore.bytes(program)).close());
    }

    @Test
    void itsCommandsAreLinksToIt() throws Exception {
        make(PROGRAM, "base");
        Path out = store.folder().resolve("out");
        Manifest manifest = Store.readManifest(TestStore.bytes(manifest("base")));
        store.checkout(manifest, out, CheckoutMode.COPY, TestStore.EXACT);

        assertThat(out.resolve("bin/busybox")).hasSameBinaryContentAs(PROGRAM);
        List<String> told =
                output(List.of(PROGRAM.toString(), "--list-full")).lines().toList();
        assertThat(told).hasSizeGreaterThan(50);
        for (String command : told) {
            if (command.contains("/")) {
                assertThat(out.resolve(command).toRealPath())
                        .isEqualTo(out.resolve("bin/busybox").toRealPath());
            }
        }
        assertThat(output(List.of(out.resolve("bin/echo").toString(), "a", "b")))
                .isEqualTo("a b\n");
    }

    @Test
    void everythingInItIsTimelessAndMostOfItPublic() throws Exception {
        make(PROGRAM, "base");
        Manifest manifest = Store.readManifest(TestStore.bytes(manifest("base")));

        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            assertThat(manifest.mtimeSeconds(entry)).isZero();
            assertThat(manifest.mtimeNanos(entry)).isZero();
        }
        assertThat(permissions(manifest, "")).isEqualTo(0755);
        assertThat(permissions(manifest, "root")).isEqualTo(0700);
        assertThat(permissions(manifest, "tmp")).isEqualTo(01777);
        assertThat(permissions(manifest, "etc/passwd")).isEqualTo(0644);
        for (String mountPoint : List.of("proc", "dev", "sys", "run")) {
            int entry = manifest.find(PathBytes.of(mountPoint));
            assertThat(manifest.kind(entry)).isEqualTo(EntryKind.DIRECTORY);
            assertThat(manifest.childCount(entry)).isZero();
        }
    }

    private static int permissions(Manifest manifest, String path) {
        return manifest.permissions(manifest.find(PathBytes.of(path)));
    }

    @Test
    void theSameProgramMakesTheSameTreeWhateverItsNameAndTime() throws Exception {
        Path renamed = Files.copy(PROGRAM, store.folder().resolve("b\u00fcx"));

        assertThat(make(renamed, "second").tree())
                .isEqualTo(make(PROGRAM, "first").tree());
        assertThat(manifest("second")).hasSameBinaryContentAs(manifest("first"));
    }

    @Test
    void whatNeedsLibrariesIsRefusedWithTheRemedy() throws Exception {
        assertThat(refused(Path.of("/bin/sh")))
                .hasMessageContaining("/bin/sh: is linked dynamically")
                .hasMessageContaining("install busybox-static");
    }

    @Test
    void whatIsNoProgramIsRefused() throws Exception {
        assertThat(refused(Path.of("/etc/passwd"))).hasMessageContaining("/etc/passwd: no program");
    }

    @Test
    void aStaticProgramThatIsNoBusyboxIsRefused() throws Exception {
        Path ldconfig = Path.of("/sbin/ldconfig");
        assumeTrue(Files.isExecutable(ldconfig), "there is no static program");

        assertThatThrownBy(() -> make(ldconfig, "none")).hasMessageContaining("does not say that it is a shell");
        assertThat(manifest("none")).doesNotExist();
        assertThat(store.files(Store.Room.PACKS)).isEmpty();
    }

    @Test
    void theFirstOfSeveralThatCanBeUsedIsTaken() throws Exception {
        List<byte[]> paths =
                List.of(PathBytes.of("/nowhere/busybox"), PathBytes.of("/bin/sh"), TestStore.bytes(PROGRAM));

        try (Busybox busybox = Busybox.find(paths)) {
            assertThat(busybox.bytes()).isEqualTo(Files.readAllBytes(PROGRAM));
        }
        assertThatThrownBy(() -> Busybox.find(paths.subList(0, 2))).hasMessageContaining("/bin/sh: is linked");
        assertThatThrownBy(() -> Busybox.find(paths.subList(0, 1))).hasMessageContaining("there is no busybox here");
    }

    private static String output(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words).start();
        try (var in = process.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

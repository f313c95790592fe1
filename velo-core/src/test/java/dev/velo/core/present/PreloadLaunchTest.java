package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * With what a command is started under the preload shim: which program, which variables, which directory. The tree appears where
 * nothing is, and nothing of it is ever executed here.
 */
class PreloadLaunchTest {
    private static final String AT = "/nowhere/tree";
    private static final ShimFiles SHIM =
            new ShimFiles(PathBytes.of("/shim/lib.so"), PathBytes.of("/shim/audit.so"), PathBytes.of("/shim/empty"));

    private TestStore store;
    private Path tree;
    private String searchPath = "/usr/bin:/bin";
    private LaunchOptions.Writes writes = new LaunchOptions.Writes.Refused();
    private List<String> variables = List.of("A=1");

    @BeforeEach
    void makeTree() throws Exception {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.createDirectory(tree.resolve("bin"));
        add("bin/elf", ElfFile.dynamic(Architecture.current().machine()).bytes());
        add("bin/script", "#!/bin/sh -e\n");
        add("bin/inner", "#!" + AT + "/bin/elf two words\n");
        add("bin/plain", "echo plain\n");
        Files.writeString(tree.resolve("data"), "no program");
    }

    @AfterEach
    void deleteStore() throws Exception {
        store.close();
    }

    private void add(String name, String text) throws IOException {
        add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(String name, byte[] bytes) throws IOException {
        Path file = Files.write(tree.resolve(name), bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(0x123, 0xabc)));
    }

    private PreloadedTree preloaded() throws IOException {
        IngestReport report = store.ingest(tree);
        return PreloadedTree.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree), any -> SHIM);
    }

    private PreloadLaunch launch(String directory, String... command) throws IOException {
        return launchAt(AT, directory, command);
    }

    private PreloadLaunch launchAt(String place, String directory, String... command) throws IOException {
        List<byte[]> words = new ArrayList<>();
        for (String word : command) {
            words.add(PathBytes.of(word));
        }
        LaunchOptions options = new LaunchOptions(
                PathBytes.of(place),
                PathBytes.of(directory),
                writes,
                words,
                variables.stream().map(PathBytes::of).toList(),
                0);
        try (PreloadedTree opened = preloaded()) {
            return PreloadLaunch.of(opened, options, PathBytes.of(searchPath));
        }
    }

    private static List<String> shown(List<byte[]> words) {
        return words.stream().map(PathBytes::show).toList();
    }

    private String onlyObject() throws IOException {
        List<Path> objects = store.files(Store.Room.OBJECTS);
        assertThat(objects).hasSize(1);
        return objects.getFirst().toString();
    }

    @Test
    void aProgramOfTheTreeIsExecutedAsItsLooseInode() throws Exception {
        PreloadLaunch launch = launch("/", AT + "/bin/elf", "a");
        assertThat(shown(launch.program().files())).containsExactly(onlyObject());
        assertThat(shown(launch.program().arguments())).containsExactly(AT + "/bin/elf", "a");
        assertThat(shown(launch.environment())).contains("VELO_SHIM_EXE=" + AT + "/bin/elf");
        assertThat(onlyObject()).endsWith("-0755-123.abc");
        assertThat(Path.of(onlyObject())).hasSameBinaryContentAs(tree.resolve("bin/elf"));
    }

    @Test
    void theLooseInodeIsTheOneOfAFarm() throws Exception {
        launch("/", AT + "/bin/elf");
        String object = onlyObject();
        IngestReport report = store.ingest(tree);
        store.farm(report, tree, new MetadataPolicy(Root.Trust.UNTRUSTED, MetadataPolicy.Ownership.MAKER));
        assertThat(store.files(Store.Room.OBJECTS).stream().map(Path::toString).filter(object::equals))
                .hasSize(1);
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void theTreeIsSearchedAlongThePath() throws Exception {
        searchPath = "/nowhere/bin:" + AT + "/bin:/bin";
        assertThat(shown(launch("/", "elf").program().files())).containsExactly(onlyObject());
        searchPath = "bin";
        assertThat(shown(launch(AT, "elf").program().files())).containsExactly(onlyObject());
    }

    @Test
    void aScriptOfTheTreeIsGivenToItsInterpreter() throws Exception {
        ProgramSearch.Program program = launch(AT, "bin/script", "a").program();
        assertThat(shown(program.files())).hasSize(1).first().asString().endsWith("sh");
        assertThat(shown(program.arguments())).containsExactly("/bin/sh", "-e", "bin/script", "a");
        assertThat(program.inTree()).isNull();
    }

    @Test
    void anInterpreterOfTheTreeIsExecutedAsItsLooseInode() throws Exception {
        ProgramSearch.Program program = launch("/", AT + "/bin/inner", "a").program();
        assertThat(shown(program.files())).containsExactly(onlyObject());
        assertThat(shown(program.arguments())).containsExactly(AT + "/bin/elf", "two words", AT + "/bin/inner", "a");
        Path outside = Files.writeString(store.folder().resolve("outside"), "#!" + AT + "/bin/elf\n");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(shown(launch("/", outside.toString()).program().arguments()))
                .containsExactly(AT + "/bin/elf", outside.toString());
    }

    @Test
    void whatHasNoFormatIsTheShells() throws Exception {
        assertThat(shown(launch("/", AT + "/bin/plain", "a").program().arguments()))
                .containsExactly("/bin/sh", AT + "/bin/plain", "a");
    }

    @Test
    void aRealProgramIsTheKernels() throws Exception {
        ProgramSearch.Program program = launch("/", "sh", "-c", "true").program();
        assertThat(shown(program.files()).getFirst()).endsWith("/bin/sh");
        assertThat(shown(program.arguments())).containsExactly("sh", "-c", "true");
    }

    @Test
    void whatIsMissingOrDeniedIsLeftToTheKernelToSay() throws Exception {
        assertThat(shown(launch("/", "nosuch").program().files())).containsExactly("/usr/bin/nosuch", "/bin/nosuch");
        assertThat(shown(launch(AT, "./nosuch").program().files())).containsExactly(AT + "/./nosuch");
        assertThat(shown(launch(AT, "./data").program().files())).containsExactly("/shim/empty");
        assertThat(shown(launch(AT, "./bin").program().files())).containsExactly("/shim/empty");
    }

    @Test
    void onlyTheAskerForTheSystemsLibrariesIsStartedWithoutTheShim() throws Exception {
        Files.createDirectory(tree.resolve("sbin"));
        byte[] program = new ElfFile(Architecture.current().machine()).bytes();
        add("sbin/ldconfig", program);
        add("sbin/other", program);

        PreloadLaunch launch = launch("/", AT + "/sbin/ldconfig", "-p");
        assertThat(launch.program().takesShim()).isFalse();
        assertThat(shown(launch.environment())).noneMatch(variable -> variable.startsWith("VELO_SHIM_READY="));
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> launch("/", AT + "/sbin/other"))
                .withMessageContaining("linked statically");
        assertThat(launch("/", "true").program().takesShim()).isTrue();
    }

    @Test
    void whatTheShimKeepsApartFromTheStoreIsNamed() throws Exception {
        assertThat(shown(launch("/", "true").environment())).contains("VELO_SHIM_ROOM=/shim");
    }

    @Test
    void theEnvironmentTellsTheShimAll() throws Exception {
        variables = List.of("A=1", "LD_PRELOAD=/other.so", "LD_AUDIT=", "GLIBC_TUNABLES=a.b.c=1", "VELO_SHIM_AT=/old");
        PreloadLaunch launch = launch(AT + "/bin", "true");
        assertThat(PathBytes.show(launch.directory())).isEqualTo("/shim/empty");
        assertThat(shown(launch.environment()))
                .contains(
                        "A=1",
                        "LD_PRELOAD=/shim/lib.so:/other.so",
                        "LD_AUDIT=/shim/audit.so",
                        "GLIBC_TUNABLES=glibc.rtld.optional_static_tls=24576:a.b.c=1",
                        "VELO_SHIM_STORE=" + store.folder().resolve("store"),
                        "VELO_SHIM_AT=" + AT,
                        "VELO_SHIM_CWD=" + AT + "/bin")
                .doesNotContain("VELO_SHIM_AT=/old")
                .anyMatch(variable -> variable.startsWith("VELO_SHIM_IMAGE=" + store.room(Store.Room.IMAGES)))
                .anyMatch(variable -> variable.matches("VELO_SHIM_READY=[0-9]+"));
    }

    @Test
    void aRealDirectoryIsEnteredByTheKernel() throws Exception {
        PreloadLaunch launch = launch("/usr/../usr/bin", "true");
        assertThat(PathBytes.show(launch.directory())).isEqualTo("/usr/bin");
        assertThat(shown(launch.environment())).noneMatch(variable -> variable.startsWith("VELO_SHIM_CWD="));
        assertThatIOException()
                .isThrownBy(() -> launch(AT + "/data", "true"))
                .withMessageContainingAll("working directory", AT + "/data", "Not a directory");
    }

    @Test
    void aPlaceIsMadeOfDirectories() throws Exception {
        for (String place : List.of(tree + "/data", tree + "/data/below/it")) {
            assertThatIOException()
                    .isThrownBy(() -> launchAt(place, "/", "true"))
                    .withMessageContainingAll(tree + "/data", "no directory", "--at");
        }
        Path alias = Files.createSymbolicLink(store.folder().resolve("alias"), tree);
        assertThat(shown(launchAt(alias + "/bin/new", "/", "true").environment()))
                .contains("VELO_SHIM_AT=" + tree.toRealPath() + "/bin/new", "VELO_SHIM_ALIAS=" + alias + "/bin/new");
    }

    @Test
    void programsThatTheShimCannotReachAreRefused() throws Exception {
        add("bin/static", new ElfFile(Architecture.current().machine()).bytes());
        add(
                "bin/go",
                ElfFile.dynamic(Architecture.current().machine())
                        .with(ElfFile.PT_NOTE, ElfFile.note("Go\0\0", 4, 8))
                        .bytes());
        add("bin/other", ElfFile.dynamic(0xf3).bytes());
        assertUnavailable("linked statically", AT + "/bin/static");
        assertUnavailable("Go program", AT + "/bin/go");
        assertUnavailable("another machine", AT + "/bin/other");
    }

    @Test
    void writesAreRefusedWithTheModesThatHaveThem() {
        writes = new LaunchOptions.Writes.Discarded();
        assertUnavailable("--mode mount and --mode link", "true");
    }

    private void assertUnavailable(String reason, String command) {
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> launch("/", command))
                .withMessageContaining(reason)
                .withMessageContaining("--mode link");
    }

    @Test
    void aStoreThatNoListOfLibrariesCanNameIsRefused() {
        for (String path : List.of("/a b/store", "/a:b", "/$LIB")) {
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> PreloadedTree.requireNameable(PathBytes.of(path)))
                    .withMessageContaining(path);
        }
    }
}

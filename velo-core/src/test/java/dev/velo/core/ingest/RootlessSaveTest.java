package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.view.Layers;
import dev.velo.ffm.IdentityCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Runs of an ordinary user, who is root in a user namespace there and nobody special when saving: what a program has closed to all is
 * closed to who saves.
 */
class RootlessSaveTest {
    private static final int SEEDS = RandomChanges.seeds();
    private static final int USER = 1000;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = TestStore.folderInMemory();
        if (HostileTree.isRoot()) {
            Files.setAttribute(folder, "unix:uid", USER);
            Files.setAttribute(folder, "unix:gid", USER);
        }
    }

    @AfterEach
    void deleteFolder() throws IOException {
        HostileTree.deleteTree(folder);
    }

    @Test
    void anOrdinaryUserSavesWhatWasSeenInTheNamespace() throws Exception {
        copyClasses();
        List<String> inside = new ArrayList<>(List.of("unshare", "-Urm"));
        assumeTrue(start(List.of("unshare", "-Urm", "true")).waitFor() == 0, "no user namespaces for ordinary users");
        inside.addAll(java("run"));
        String seen = output(inside);
        assertThat(seen.lines()).as(seen).hasSize(SEEDS);
        assertThat(output(java("save"))).isEqualTo(seen);
    }

    /** The user may not be able to read where this test was built. */
    private void copyClasses() throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        for (String element : System.getProperty("java.class.path").split(":", -1)) {
            Path path = Path.of(element);
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        Path copy = classes.resolve(path.relativize(file));
                        Files.createDirectories(copy.getParent());
                        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            } else if (Files.exists(path)) {
                Files.copy(path, classes.resolve(path.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Process start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>();
        if (HostileTree.isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        command.addAll(words);
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private String output(List<String> words) throws IOException {
        return new String(start(words).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private List<String> java(String what) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dvelo.save.seeds=" + SEEDS,
                "-cp",
                folder.resolve("classes") + ":" + folder.resolve("classes") + "/*",
                Part.class.getName(),
                what,
                folder.toString());
    }

    private static OverlaidRun overlaid(TestStore store, int seed) throws IOException {
        Manifest lower = store.manifest(store.folder().resolve("tree" + seed));
        return new OverlaidRun(store, lower, "run" + seed);
    }

    /** One of the two processes: prints a digest for each seed. */
    static final class Part {
        private Part() {}

        /** Arguments: {@code run} or {@code save}, and the store's folder. */
        @SuppressWarnings("resource") // the store deletes its folder when it is closed
        public static void main(String[] arguments) throws IOException {
            TestStore store = TestStore.in(Path.of(arguments[1]));
            for (int seed = 0; seed < SEEDS; seed++) {
                System.out.println(seed + " " + (arguments[0].equals("run") ? run(store, seed) : save(store, seed)));
            }
        }

        private static Digest run(TestStore store, int seed) throws IOException {
            Path tree = store.directory("tree" + seed);
            new RandomChanges(tree, seed).fill();
            store.ingest(tree);
            return Layers.digest(overlaid(store, seed)
                    .seen(shown -> RandomChanges.withMarks(shown, seed).change(40)));
        }

        private static Digest save(TestStore store, int seed) throws IOException {
            IdMap users = new IdMap(List.of(new IdMap.Range(0, IdentityCalls.geteuid(), 1)));
            IdMap groups = new IdMap(List.of(new IdMap.Range(0, IdentityCalls.getegid(), 1)));
            OverlaidRun run = overlaid(store, seed);
            byte[] upper = TestStore.bytes(run.upper());
            return run.save(new OverlayUpper(upper, List.of(), users, groups, OverlayUpper.Care.DISPOSABLE))
                    .report()
                    .tree();
        }
    }
}

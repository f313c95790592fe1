package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo ingest} on the command line. */
@Execution(ExecutionMode.CONCURRENT)
final class IngestCommandTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void makeWorkplace() throws Exception {
        place = Workplace.make(Caller.USER, temporary);
    }

    @Test
    void itTellsInOneSentenceWhatItDid() throws Exception {
        Outcome outcome = place.velo("ingest", "tree").run().succeeded();

        assertThat(outcome.lines()).hasSize(1);
        assertThat(outcome.text())
                .startsWith(place.manifest() + ": 4 files, 36 B")
                .containsPattern("3 blobs\\b.*; tree [0-9a-f]{64}\n$");
    }

    @Test
    void aSecondIngestReadsNothingAndGivesTheSameTree() throws Exception {
        Map<String, Object> first =
                JsonText.object(place.velo("ingest", "tree", "--json").run().succeeded());
        Thread.sleep(50); // what changed just now is read again
        place.velo("ingest", "tree", "-q").run().succeeded();
        Map<String, Object> second =
                JsonText.object(place.velo("ingest", "tree", "--json").run().succeeded());

        assertThat(first)
                .containsEntry("files", 4L)
                .containsEntry("newBlobs", 3L)
                .containsEntry("bytes", 36L);
        assertThat(second)
                .containsEntry("tree", first.get("tree"))
                .containsEntry("newBlobs", 0L)
                .containsEntry("filesRead", 0L)
                .containsEntry("warnings", 0L);
    }

    @Test
    void quietPrintsNothing() throws Exception {
        assertThat(place.velo("ingest", "tree", "--quiet").run().succeeded().text())
                .isEmpty();
    }

    @Test
    void theManifestIsNamedAfterTheDirectoryAndLiesHere() throws Exception {
        place.velo("ingest", "../tree/sub/", "-q")
                .in(place.directory("elsewhere"))
                .run()
                .succeeded();
        place.velo("ingest", ".", "-q").in(place.tree()).run().succeeded();

        assertThat(temporary.resolve("elsewhere/sub.velo")).exists();
        assertThat(place.tree().resolve("tree.velo")).exists();
    }

    @Test
    void theStoreIsTheOptionsThenTheVariablesThenTheHomes() throws Exception {
        Launch.velo(Caller.USER, temporary, "ingest", "tree", "-q").run().succeeded();
        Launch.velo(Caller.USER, temporary, "ingest", "tree", "-q")
                .with("XDG_DATA_HOME", temporary + "/data")
                .run()
                .succeeded();
        place.velo("ingest", "tree", "-q", "--store", "named").run().succeeded();

        assertThat(temporary.resolve(".local/share/velo/FORMAT")).exists();
        assertThat(temporary.resolve("data/velo/FORMAT")).exists();
        assertThat(temporary.resolve("named/FORMAT")).exists();
        assertThat(place.store()).doesNotExist();
    }

    @Test
    void whatItCannotTakeItNames() throws Exception {
        place.velo("ingest", "missing").run().failed(1, temporary + "/missing", "No such file or directory");
        place.velo("ingest", "tree/greeting").run().failed(1, "tree/greeting", "Not a directory");
        place.velo("ingest", "tree", "-o", "missing/x.velo").run().failed(1, "missing/x.velo");
        place.velo("ingest", "tree", "--store", "tree")
                .run()
                .failed(1, place.tree().toString());
        place.velo("ingest", "tree", "--store", "tree/greeting").run().failed(1, "tree/greeting");
    }

    @Test
    void anUnreadableFileFailsTheIngestAndNothingIsPublished() throws Exception {
        Path secret = place.file("tree/secret", "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));

        place.velo("ingest", "tree").run().failed(1, "secret", "Permission denied");

        assertThat(place.manifest()).doesNotExist();
        assertThat(Workplace.names(place.store().resolve("roots"))).isEmpty();
        assertThat(place.problems()).isEmpty();
    }

    @Test
    void anUnreadableFileIsLeftOutWithAWarningWhereThatIsAskedFor() throws Exception {
        Path secret = place.file("tree/secret", "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Path closed = place.directory("tree/closed");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));

        Outcome outcome =
                place.velo("ingest", "tree", "--skip-unreadable", "-q").run().ended(0);
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(outcome.complaint().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("velo: "))
                .anyMatch(line -> line.contains("secret"))
                .anyMatch(line -> line.contains("closed"));
        assertThat(place.velo("ls", "tree.velo").run().succeeded().lines()).doesNotContain("secret");
    }

    @Test
    void wrongUseIsToldWithStatusTwo() throws Exception {
        List<List<String>> wrong = List.of(
                List.of("ingest"),
                List.of("ingest", "tree", "tree"),
                List.of("ingest", "--no-such-option", "tree"),
                List.of("ingest", "--owner", "nobody", "tree"),
                List.of("ingest", "--pack-size", "many", "tree"),
                List.of("ingest", "--pack-size", "0", "tree"),
                List.of("ingest", "--threads", "0", "tree"),
                List.of("ingest", "--mtime", "yesterday", "tree"),
                List.of("ingest", "--sync", "perhaps", "tree"),
                List.of("ingest", "--prefix", "../up", "tree"));

        for (List<String> words : wrong) {
            Outcome outcome = place.velo(words.toArray(new String[0])).run().failed(2);
            assertThat(outcome.complaint()).as("%s", words).contains("Try: velo ingest --help");
        }
        assertThat(place.manifest()).doesNotExist();
    }

    @Test
    void twoAtOnceInOneStoreBothSucceed() throws Exception {
        Launch.Started first =
                place.velo("ingest", "tree", "-q", "-o", "first.velo").start();
        Launch.Started second =
                place.velo("ingest", "tree", "-q", "-o", "second.velo").start();
        first.await().succeeded();
        second.await().succeeded();

        assertThat(temporary.resolve("first.velo")).hasSameBinaryContentAs(temporary.resolve("second.velo"));
        assertThat(place.problems()).isEmpty();
    }
}

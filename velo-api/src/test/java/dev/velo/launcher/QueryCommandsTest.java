package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo ls, cat, stat, verify} and {@code status} on the command line. */
@Execution(ExecutionMode.CONCURRENT)
final class QueryCommandsTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void ingest() throws Exception {
        place = Workplace.ingested(Caller.USER, temporary);
    }

    @Test
    void lsListsADirectoryATreeOrAFile() throws Exception {
        assertThat(place.velo("ls", "tree.velo").run().succeeded().lines())
                .containsExactly("empty", "greeting", "link", "sub", "tool");
        assertThat(place.velo("ls", "-R", "tree.velo").run().succeeded().lines())
                .containsExactly("empty", "greeting", "link", "sub", "sub/deep", "tool");
        assertThat(place.velo("ls", "-0", "tree.velo", "sub").run().succeeded().text())
                .isEqualTo("deep\0");
        assertThat(place.velo("ls", "tree.velo", "/sub/deep").run().succeeded().text())
                .isEqualTo("deep\n");
        assertThat(place.velo("ls", "-l", "tree.velo").run().succeeded().text())
                .containsPattern("(?m)^-rw-r--r-- +6 \\S+Z +greeting$")
                .containsPattern("(?m)^lrwxrwxrwx +8 \\S+Z +link -> greeting$")
                .containsPattern("(?m)^-rwxr-xr-x +\\d+ \\S+Z +tool$");
    }

    @Test
    void catPrintsTheBytesOfAFile() throws Exception {
        assertThat(place.velo("cat", "tree.velo", "sub/deep").run().succeeded().text())
                .isEqualTo("deep\n");
        assertThat(place.velo("cat", "tree.velo", "empty").run().succeeded().text())
                .isEmpty();
        place.velo("cat", "tree.velo", "sub").run().failed(1, "sub", "not a regular file");
        place.velo("cat", "tree.velo", "none").run().failed(1, "none", "not in the tree");
        place.velo("cat", "tree.velo", "../tree/greeting").run().failed(1, "not in the tree");
    }

    @Test
    void statTellsWhatTheManifestSays() throws Exception {
        Map<String, Object> file = JsonText.object(
                place.velo("stat", "--json", "tree.velo", "greeting").run().succeeded());
        assertThat(file)
                .containsEntry("path", "greeting")
                .containsEntry("kind", "file")
                .containsEntry("mode", "-rw-r--r--")
                .containsEntry("size", 6L)
                .containsEntry("digest", "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
        assertThat(place.velo("stat", "tree.velo", "link").run().succeeded().lines())
                .contains("kind: symlink", "target: greeting");
        assertThat(place.velo("stat", "tree.velo").run().succeeded().lines()).contains("kind: directory", "entries: 5");
    }

    @Test
    void statusCountsTreesAndPacks() throws Exception {
        Map<String, Object> status =
                JsonText.object(place.velo("status", "--json").run().succeeded());

        assertThat(status).containsEntry("packs", 1L).containsEntry("blobs", 3L);
        assertThat(status.get("trees"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1)
                .first()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("manifest", place.manifest().toString())
                .containsEntry("origin", place.tree().toString())
                .containsEntry("files", 4L);
        assertThat(place.velo("status").run().succeeded().text())
                .contains(place.store().toString(), "3 blobs");
    }

    @Test
    void verifyFindsAWholeStoreAllRight() throws Exception {
        assertThat(place.velo("verify").run().succeeded().text()).contains("all right");
        assertThat(place.velo("verify", "--contents").run().succeeded().text()).contains("all right");
        assertThat(place.velo("verify", "tree.velo").run().succeeded().text()).contains("all right");
        assertThat(place.velo("verify", "--contents", "tree.velo")
                        .run()
                        .succeeded()
                        .text())
                .contains("all right");
        assertThat(place.velo("verify", "-q").run().succeeded().text()).isEmpty();
        assertThat(JsonText.object(place.velo("verify", "--json").run().succeeded()))
                .containsEntry("problems", List.of());
    }

    @Test
    void verifyNamesADamagedBlobAndTheFileThatHasIt() throws Exception {
        damage(pack(), 0);

        place.velo("verify", "-q").run().succeeded();
        for (String[] words : new String[][] {
            {"verify", "-q", "--contents", "tree.velo"}, {"verify", "-q", "--contents"},
        }) {
            assertThat(place.velo(words).run().ended(1).complaint())
                    .contains(pack().toString(), "byte 512", "greeting of " + place.manifest());
        }
        Map<String, Object> told = JsonText.object(
                place.velo("verify", "--json", "--contents").run().ended(1));
        assertThat(told.get("problems"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isNotEmpty();
    }

    @Test
    void verifyNamesADamagedImage() throws Exception {
        place.file("store/images/damaged", "no image");

        place.velo("verify", "-q").run().failed(1, place.store() + "/images/damaged", "it is made anew");
    }

    @Test
    void nothingWrongIsServedFromADamagedPack() throws Exception {
        for (int blob = 0; blob < 3; blob++) {
            damage(pack(), 512L * blob);
        }

        Outcome outcome = place.velo("cat", "tree.velo", "greeting").run().failed(1, pack().toString());
        assertThat(outcome.text()).isEmpty();
        place.velo("checkout", "--copy", "tree.velo", "out").run().failed(1, pack().toString());
        place.velo("run", "tree.velo", "--", "true").run().failed(125, pack().toString());
    }

    @Test
    void aManifestThatIsNoneOrDamagedIsRefused() throws Exception {
        place.file("text.velo", "just text, and long enough to be read as one of Velo's manifests, which it is not\n");
        Files.write(temporary.resolve("short.velo"), java.util.Arrays.copyOf(Files.readAllBytes(place.manifest()), 60));
        Files.copy(place.manifest(), temporary.resolve("damaged.velo"));
        damage(temporary.resolve("damaged.velo"), Files.size(place.manifest()) / 2);

        for (String name : List.of("text.velo", "short.velo", "damaged.velo")) {
            place.velo("ls", name).run().failed(1, temporary + "/" + name);
            place.velo("checkout", name, "out").run().failed(1, temporary + "/" + name);
            place.velo("run", "--at", "at", name, "--", "true").run().failed(125, temporary + "/" + name);
        }
        place.velo("ls", "missing.velo").run().failed(1, temporary + "/missing.velo", "No such file");
    }

    @Test
    void aStoreIsNotMadeByLookingForIt() throws Exception {
        place.velo("status", "--store", "none").run().failed(1, temporary + "/none", "--store");
        place.velo("verify", "--store", "none").run().failed(1, temporary + "/none", "--store");

        assertThat(temporary.resolve("none")).doesNotExist();
    }

    @Test
    void aReaderThatHasEnoughIsNoFailureAndAFullOutputIsOne() throws Exception {
        Outcome enough = place.shell("for i in {1..200}; do echo $i >tree/sub/a-rather-long-name-of-a-file-$i; done;"
                        + " \"$@\" ingest tree -q; \"$@\" ls -R tree.velo | true; echo ${PIPESTATUS[0]};"
                        + " \"$@\" cat tree.velo greeting | true; echo ${PIPESTATUS[0]}")
                .run()
                .succeeded();
        assertThat(enough.lines()).allMatch(status -> status.equals("0") || status.equals("141"));

        place.shell("\"$@\" status >/dev/full").run().failed(1, "output");
        place.shell("\"$@\" ls tree.velo >/dev/full").run().failed(1);
        place.shell("\"$@\" cat tree.velo greeting >/dev/full").run().failed(1);
    }

    @Test
    void whatIsNoCommandIsToldWithThoseThatAre() throws Exception {
        place.velo("frobnicate").run().failed(2, "frobnicate", "ingest", "run");
        place.velo().run().failed(2, "ingest", "run");
        assertThat(place.velo("--version").run().succeeded().text()).matches("velo [0-9.]+\n");
        assertThat(place.velo("--help").run().succeeded().text()).contains("ingest", "VELO_STORE");
        for (String command : List.of("ingest", "run", "checkout", "ls", "cat", "stat", "verify", "status")) {
            assertThat(place.velo(command, "--help").run().succeeded().text()).startsWith("Usage: velo " + command);
        }
    }

    private Path pack() throws Exception {
        try (var packs = Files.list(place.store().resolve("packs"))) {
            return packs.findFirst().orElseThrow();
        }
    }

    /** Inverts a byte behind the header of a pack, or of any file. */
    private static void damage(Path file, long offset) throws Exception {
        boolean pack = file.toString().contains("/packs/");
        file.toFile().setWritable(true);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long at = offset + (pack ? 512 : 0);
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(~value);
        }
    }
}

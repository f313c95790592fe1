package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What {@code velo status} says of a store: the tree of {@link Workplace} has blobs of 6, 5 and 25 bytes. */
@Execution(ExecutionMode.CONCURRENT)
final class StatusCommandTest {
    @TempDir
    private Path temporary;

    @Test
    void eachTreeHasBytesOfItsOwnAndSharedOnes() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();

        Map<String, Object> status = status(place);

        assertThat(status)
                .containsEntry("packs", 1L)
                .containsEntry("blobs", 3L)
                .containsEntry("blobBytes", 36L)
                .containsEntry("deadBytes", 0L)
                .containsEntry("treeBytes", 41L)
                .containsEntry("savedBytes", 5L)
                .containsEntry("looseFiles", 0L);
        assertThat(trees(status))
                .satisfiesExactly(
                        tree -> assertThat(tree)
                                .containsEntry("manifest", temporary + "/sub.velo")
                                .containsEntry("files", 1L)
                                .containsEntry("bytes", 5L)
                                .containsEntry("ownBytes", 0L)
                                .containsEntry("sharedBytes", 5L)
                                .containsEntry("missingBlobs", 0L)
                                .containsEntry("state", "ok")
                                .containsKey("registered")
                                .doesNotContainKey("used"),
                        tree -> assertThat(tree)
                                .containsEntry("manifest", place.manifest().toString())
                                .containsEntry("origin", place.tree().toString())
                                .containsEntry("ownBytes", 31L)
                                .containsEntry("sharedBytes", 5L));
    }

    @Test
    void theTableHasNumbersToTheRightAndNoColours() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        Files.delete(temporary.resolve("sub.velo"));

        List<String> lines = place.velo("status").run().succeeded().lines();

        assertThat(lines)
                .startsWith(
                        "store " + place.store(),
                        "3 blobs, 36 B, in 1 packs of 4.0 KiB; 0 B of 0 blobs are needed by no registered tree",
                        "0 images, 0 farms, 0 loose files",
                        "2 trees of 41 B; deduplication saves 5 B",
                        "",
                        "files  bytes   own  shared  age  used  state  manifest");
        assertThat(lines.get(6)).matches(" {4}1 {4}5 B   0 B     5 B +[0-9]+ s +-  stale  " + temporary + "/sub.velo");
        assertThat(lines.get(7)).matches(" {4}4   36 B  31 B     5 B +[0-9]+ s +-  ok     " + place.manifest());
        assertThat(String.join("", lines)).doesNotContain("\u001b");
    }

    @Test
    void bytesThatNoRegisteredTreeNeedsAreDead() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        place.velo("root", "remove", "-q", "tree.velo").run().succeeded();

        assertThat(status(place))
                .containsEntry("blobs", 3L)
                .containsEntry("deadBlobs", 2L)
                .containsEntry("deadBytes", 31L)
                .containsEntry("savedBytes", 0L);
    }

    @ForEachCaller
    void aTreeThatIsShownWasUsed(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        assertThat(trees(status(place)).getFirst()).doesNotContainKey("used");

        place.inTree("true").run().succeeded();

        Map<String, Object> status = status(place);
        assertThat(trees(status).getFirst()).containsKey("used");
        assertThat(status).containsEntry("farms", 1L).containsEntry("looseFiles", 3L);
        place.velo("ingest", "tree", "-q").run().succeeded();
        assertThat(trees(status(place)).getFirst()).doesNotContainKey("used");
    }

    @Test
    void aTreeWhoseManifestIsDamagedIsToldWithTheOthers() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        try (Stream<Path> roots = Files.list(place.store().resolve("roots"))) {
            Path smaller = roots.filter(file -> file.toString().endsWith(".velo"))
                    .min((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
            smaller.toFile().setWritable(true);
            try (RandomAccessFile bytes = new RandomAccessFile(smaller.toFile(), "rw")) {
                bytes.write(0);
            }
        }

        assertThat(trees(status(place))).extracting(tree -> tree.get("state")).containsExactly("damaged", "ok");
        assertThat(place.velo("status").run().succeeded().text()).contains("  damaged  " + temporary + "/sub.velo");
    }

    @Test
    void aDamagedRegistrationIsNamedAndTheOthersAreTold() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        Path root = RootCommandTest.damageRootOf(place, "sub.velo");

        Outcome told = place.velo("status").run().failed(1, root.toString(), "velo verify --repair");
        assertThat(told.lines()).last().asString().endsWith("  ok     " + place.manifest());
        Map<String, Object> status =
                JsonText.object(place.velo("status", "--json").run().ended(1));
        assertThat(trees(status)).hasSize(1);
        assertThat(status.get("damaged")).asString().contains(root.toString());
    }

    @Test
    void anEmptyStoreHasNoTable() throws Exception {
        Workplace place = Workplace.make(Caller.USER, temporary);
        place.velo("ingest", "tree", "-q", "--no-root").run().succeeded();

        assertThat(place.velo("status").run().succeeded().lines())
                .hasSize(4)
                .last()
                .asString()
                .startsWith("0 trees");
    }

    private static Map<String, Object> status(Workplace place) throws Exception {
        return JsonText.object(place.velo("status", "--json").run().succeeded());
    }

    private static List<Map<String, Object>> trees(Map<String, Object> status) {
        return JsonText.objects(status, "trees");
    }
}

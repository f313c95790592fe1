package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo diff} on the command line. */
@Execution(ExecutionMode.CONCURRENT)
final class DiffCommandTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void ingest() throws Exception {
        place = Workplace.ingested(Caller.USER, temporary);
    }

    /** Changes the tree in every way, and ingests it again as new.velo. */
    private void change() throws Exception {
        place.file("tree/greeting", "hello, world\n");
        place.file("tree/sub/new", "new\n");
        Files.delete(place.tree().resolve("empty"));
        Files.setPosixFilePermissions(place.tree().resolve("tool"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.delete(place.tree().resolve("link"));
        place.file("tree/link", "no link any more");
        place.velo("ingest", "tree", "-q", "-o", "new.velo").run().succeeded();
    }

    @Test
    void equalTreesAreNotDifferent() throws Exception {
        assertThat(place.velo("diff", "tree.velo", "tree.velo")
                        .run()
                        .succeeded()
                        .text())
                .isEmpty();
        assertThat(place.velo("diff", "tree.velo", "tree").run().succeeded().text())
                .isEmpty();
    }

    @Test
    void eachPathThatIsDifferentHasALine() throws Exception {
        change();

        Outcome told = place.velo("diff", "tree.velo", "new.velo").run().ended(1);

        assertThat(told.complaint()).isEmpty();
        assertThat(told.lines())
                .containsExactly(
                        "m ..t... ./",
                        "D ...... empty",
                        "M c.t... greeting",
                        "T ...... link",
                        "m ..t... sub/",
                        "A ...... sub/new",
                        "m .p.... tool");
        assertThat(place.velo("diff", "-0", "tree.velo", "new.velo")
                        .run()
                        .ended(1)
                        .text())
                .contains("T ...... link\0");
        assertThat(place.velo("diff", "-q", "tree.velo", "new.velo")
                        .run()
                        .ended(1)
                        .text())
                .isEmpty();
    }

    @Test
    void whatIsIgnoredDoesNotCount() throws Exception {
        Files.setPosixFilePermissions(place.tree().resolve("tool"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.setLastModifiedTime(place.tree().resolve("empty"), java.nio.file.attribute.FileTime.fromMillis(1));

        assertThat(place.velo("diff", "--ignore", "mtime", "tree.velo", "tree")
                        .run()
                        .ended(1)
                        .lines())
                .containsExactly("m .p.... tool");
        place.velo("diff", "--ignore", "mtime,mode", "tree.velo", "tree").run().succeeded();
    }

    @Test
    void jsonTellsWhatWasBeforeAndAfter() throws Exception {
        change();

        List<String> lines = place.velo("diff", "--json", "tree.velo", "new.velo")
                .run()
                .ended(1)
                .lines();

        assertThat(lines).hasSize(7);
        Map<String, Object> changed = JsonText.object(lines.get(2));
        assertThat(changed)
                .containsEntry("path", "greeting")
                .containsEntry("change", "changed")
                .containsEntry("aspects", List.of("content", "mtime"));
        assertThat(changed.get("before"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("size", 6L);
        assertThat(changed.get("after"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("size", 13L);
        assertThat(JsonText.object(lines.get(1)))
                .containsEntry("change", "deleted")
                .doesNotContainKey("after");
    }

    @Test
    void noStoreIsNeededForManifests() throws Exception {
        place.velo("diff", "--store", "none", "tree.velo", "tree.velo").run().succeeded();

        assertThat(temporary.resolve("none")).doesNotExist();
    }

    @Test
    void troubleHasAStatusOfItsOwn() throws Exception {
        place.file("text.velo", "no manifest");

        place.velo("diff", "tree.velo", "nowhere.velo").run().failed(125, temporary + "/nowhere.velo");
        place.velo("diff", "text.velo", "tree.velo").run().failed(125, temporary + "/text.velo");
        place.velo("diff", "tree.velo").run().failed(125, "NEW");
        place.velo("diff", "--ignore", "size", "tree.velo", "tree.velo").run().failed(125, "size");
    }
}

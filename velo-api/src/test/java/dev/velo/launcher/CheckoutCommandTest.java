package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.TreeComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo checkout} on the command line. */
@Execution(ExecutionMode.CONCURRENT)
final class CheckoutCommandTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void ingest() throws Exception {
        place = Workplace.ingested(Caller.USER, temporary);
    }

    @Test
    void aCopyIsExact() throws Exception {
        Map<String, Object> told = JsonText.object(place.velo("checkout", "--copy", "--json", "tree.velo", "out")
                .run()
                .succeeded());

        assertThat(TreeComparison.differences(place.tree(), temporary.resolve("out")))
                .isEmpty();
        assertThat(told).containsEntry("linked", 0L).containsEntry("directory", temporary + "/out");
    }

    @Test
    void linksAreExactButForPermissionToWriteAndSharedWithTheNextCheckout() throws Exception {
        place.velo("checkout", "tree.velo", "out", "-q").run().succeeded();
        Map<String, Object> second = JsonText.object(place.velo("checkout", "--link", "--json", "tree.velo", "again")
                .run()
                .succeeded());

        TreeComparison.Options asked = TreeComparison.Options.standard().without(TreeComparison.Aspect.MODE);
        assertThat(TreeComparison.differences(place.tree(), temporary.resolve("out"), asked))
                .isEmpty();
        assertThat(second).containsEntry("linked", 3L).containsEntry("made", 0L);
        assertThat(Files.getAttribute(temporary.resolve("out/greeting"), "unix:ino"))
                .isEqualTo(Files.getAttribute(temporary.resolve("again/greeting"), "unix:ino"));
    }

    @Test
    void quietPrintsNothingAndOtherwiseOneSentence() throws Exception {
        assertThat(place.velo("checkout", "--quiet", "tree.velo", "a")
                        .run()
                        .succeeded()
                        .text())
                .isEmpty();
        assertThat(place.velo("checkout", "tree.velo", "b").run().succeeded().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(temporary + "/b: ");
    }

    @Test
    void anEmptyDirectoryIsTakenAndAFullOneIsNot() throws Exception {
        place.directory("empty");
        place.directory("full");
        place.file("full/mine", "x");

        place.velo("checkout", "-q", "tree.velo", "empty").run().succeeded();
        place.velo("checkout", "-q", "tree.velo", "full").run().failed(1, temporary + "/full", "not empty");

        assertThat(Workplace.names(temporary.resolve("full"))).hasSize(1);
    }

    @Test
    void whatItCannotDoItTells() throws Exception {
        place.velo("checkout", "missing.velo", "out").run().failed(1, temporary + "/missing.velo");
        place.velo("checkout", "tree/greeting", "out").run().failed(1, "tree/greeting");
        place.velo("checkout", "tree.velo", "missing/out").run().failed(1, "missing/out");
        place.velo("checkout", "--store", "other", "tree.velo", "out").run().failed(1, "tree.velo", "ingest");
        place.velo("checkout", "tree.velo").run().failed(2, "DIR");
        place.velo("checkout", "--copy", "--link", "tree.velo", "out").run().failed(2, "--copy", "--link");

        assertThat(temporary.resolve("out")).doesNotExist();
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --record} and {@code pack}. */
final class RecordTest {
    @TempDir
    private Path temporary;

    @Test
    void whatACommandReadsIsLaidTogether() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        place.velo("pack", "--profile", "tree.velo").run().failed(1, "nothing is recorded", "velo run --record");
        Outcome run = place.velo(
                        "run", "--mode", "auto", "--record", "tree.velo", "--", "sh", "-c", "cat greeting; exit 3")
                .run();
        assertThat(run.output()).asString().isEqualTo("hello\n");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.complaint()).contains("the command read 1 of the tree's blobs");
        Outcome pack = place.velo("pack", "--profile", "tree.velo").run().succeeded();
        assertThat(pack.output()).asString().contains(": 1 blobs");
        Outcome again = place.velo("run", "--mode", "mount", "tree.velo", "--", "cat", "greeting")
                .run()
                .succeeded();
        assertThat(again.output()).asString().isEqualTo("hello\n");
        place.velo("pack", "--forget", "tree.velo").run().succeeded();
        place.velo("pack", "--profile", "tree.velo").run().failed(1, "nothing is recorded");
        assertThat(place.problems()).isEmpty();
    }

    @Test
    void aCommandThatDiesOfASignalIsRecordedToo() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        Outcome run = place.velo(
                        "run",
                        "--mode",
                        "mount",
                        "--record",
                        "tree.velo",
                        "--",
                        "sh",
                        "-c",
                        "cat greeting; kill -INT $$")
                .run();
        assertThat(run.status()).isEqualTo(130);
        assertThat(run.complaint()).contains("read 1 of");
    }

    @Test
    void hardLinksAreNotRecorded() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        place.velo("run", "--mode", "link", "--record", "tree.velo", "--", "true")
                .run()
                .failed(125, "--record", "--mode link");
    }
}

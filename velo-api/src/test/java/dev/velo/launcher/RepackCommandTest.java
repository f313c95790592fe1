package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo repack}: what many ingests have left comes into one pack, while commands run. */
@Execution(ExecutionMode.CONCURRENT)
final class RepackCommandTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void smallPacksAreJoinedWhileACommandRuns(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.directory("other");
        place.file("other/more", "more\n");
        place.velo("ingest", "other", "-q").run().succeeded();
        Launch.Started run = place.inTree("echo in; read line; cat greeting sub/deep")
                .start()
                .says("in");
        assertThat(place.velo("repack").run().succeeded().text())
                .startsWith("2 packs of ")
                .contains(" became 1 pack of ");
        assertThat(run.answer("").await().succeeded().lines()).containsExactly("in", "hello", "deep");
        assertThat(place.velo("repack").run().succeeded().text()).startsWith("no packs to join: 1 pack of ");
        assertThat(place.velo("run", "other.velo", "--", "cat", "more")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("more\n");
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void whatIsColdIsCompressedAndServed(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        String text = "one line of many\n".repeat(20_000);
        place.file("tree/text", text);
        place.velo("ingest", "tree", "-q").run().succeeded();
        Launch.Started run = place.inTree("echo in; read line; cat greeting text | wc -c")
                .start()
                .says("in");
        assertThat(place.velo("repack", "--cold").run().succeeded().text())
                .startsWith("1 pack of 34")
                .contains(" became 1 pack of ");
        assertThat(run.answer("").await().succeeded().lines())
                .containsExactly("in", Integer.toString("hello\n".length() + text.length()));
        assertThat(place.velo("status").run().succeeded().text()).contains(", 1 of them compressed, in 1 packs of ");
        assertThat(place.velo("verify", "--contents").run().succeeded().text()).isNotEmpty();
        assertThat(place.velo("cat", "tree.velo", "text").run().succeeded().text())
                .isEqualTo(text);
        assertThat(place.velo("repack", "--cold").run().succeeded().text())
                .startsWith("no packs to compress or join: 1 pack of ");
        assertThat(place.velo("repack", "--json").run().succeeded().text()).contains("\"compressedBlobs\"");
        assertThat(place.inTree("cat text | wc -c").run().succeeded().text().strip())
                .isEqualTo(Integer.toString(text.length()));
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void whatIsYoungIsLeftAlone(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        place.file("tree/text", "one line of many\n".repeat(20_000));
        place.velo("ingest", "tree", "-q").run().succeeded();
        assertThat(place.velo("repack", "--cold", "--older-than", "1h")
                        .run()
                        .succeeded()
                        .text())
                .startsWith("no packs to compress or join: 1 pack of 34");
        place.velo("repack", "--cold", "--older-than", "soon")
                .run()
                .failed(1, "velo: --older-than soon is no length of time");
    }
}

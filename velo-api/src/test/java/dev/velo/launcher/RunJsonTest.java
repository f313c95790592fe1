package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What {@code velo run --json} tells, and that the command's output is the command's alone. */
@Execution(ExecutionMode.CONCURRENT)
final class RunJsonTest {
    @TempDir
    private Path temporary;

    /** All names and values of a text that is one JSON object on one line. */
    private static List<String> words(String text) throws IOException {
        assertThat(text).endsWith("\n").hasLineCount(1);
        List<String> words = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME || token.isScalarValue()) {
                    words.add(parser.getText());
                }
            }
        }
        return words;
    }

    @ForEachCaller
    void aTreeIsToldWithItsPlaceAndTheWayItIsShown(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome run = place.velo("run", "--json", "--mode", "link", "tree.velo", "--", "cat", "greeting")
                .run();

        assertThat(run.text()).isEqualTo("hello\n");
        assertThat(run.status()).isZero();
        assertThat(words(run.complaint()))
                .containsSubsequence("trees", "tree", "place", place.tree().toString(), "by", "link", "passed over");
    }

    @ForEachCaller
    void aCopyIsToldWithItsPlace(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome run = place.velo("run", "--json", "--mode", "copy", "tree.velo", "--", "pwd")
                .run();

        assertThat(words(run.complaint()))
                .containsSubsequence("place", run.text().strip(), "by", "copy");
    }

    @ForEachCaller
    void theTreesOfAProjectAreToldWithTheirKeys(Caller caller) throws Exception {
        ToolProject project = ToolProject.make(caller, temporary).lock(ToolProject.LOCK + "workspace 1\n");

        Outcome run = project.velo("run", "--json", "--mode", "link", "--", "ls", "node_modules")
                .run();

        assertThat(run.text()).startsWith("left\n");
        List<String> words = words(run.complaint());
        assertThat(words)
                .containsSubsequence(
                        "name",
                        "node_modules",
                        "key",
                        "place",
                        project.modules().toString(),
                        "by",
                        "link",
                        "name",
                        "packages/a/node_modules");
        assertThat(project.velo("trees", "--json").run().succeeded().text())
                .contains(words.get(words.indexOf("key") + 1));
    }
}

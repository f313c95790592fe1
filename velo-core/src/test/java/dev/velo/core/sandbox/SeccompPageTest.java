package dev.velo.core.sandbox;

import dev.velo.core.testing.TestData;
import dev.velo.ffm.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/SANDBOX-SECCOMP.md} are those of the list; {@code -Dvelo.regenerate=true} brings them up to date. */
class SeccompPageTest {
    /** Calls that stand in one row. */
    private record Row(Topic topic, Verdict verdict, String when) {}

    @Test
    void thePageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/SANDBOX-SECCOMP.md");
        String text = TestData.withTable(Files.readString(page), "RESTRICTED", restricted());
        text = TestData.withTable(text, "WHY", reasons());
        TestData.check(page, TestData.withTable(text, "UNKNOWN", unknown()));
    }

    private static String restricted() {
        Map<Row, List<RestrictedCall>> rows = Stream.of(RestrictedCall.values())
                .collect(Collectors.groupingBy(
                        call -> new Row(call.topic(), call.rule().verdict(), call.when()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        StringBuilder table = new StringBuilder("| topic | calls | when | answer |\n|---|---|---|---|\n");
        rows.forEach((row, calls) -> table.append("| %s | %s | %s | `%s` |\n"
                .formatted(
                        name(row.topic()),
                        calls.stream().map(SeccompPageTest::name).collect(Collectors.joining(", ")),
                        row.when().isEmpty() ? "always" : row.when(),
                        row.verdict())));
        return table.append("\n%d calls. \\* on x86-64 alone.\n".formatted(RestrictedCall.values().length))
                .toString();
    }

    private static String reasons() {
        StringBuilder table = new StringBuilder("| topic | why |\n|---|---|\n");
        for (Topic topic : Topic.values()) {
            table.append("| %s | %s |\n".formatted(name(topic), topic.why()));
        }
        return table.toString();
    }

    private static String unknown() {
        StringBuilder table =
                new StringBuilder("| architecture | numbers without a call | instructions |\n|---|---|---:|\n");
        for (Architecture architecture : Architecture.values()) {
            String ranges = UnknownCalls.of(architecture).stream()
                    .map(range -> range.last() == UnknownCalls.HIGHEST
                            ? range.first() + " and above"
                            : range.first() + " to " + range.last())
                    .collect(Collectors.joining(", "));
            table.append("| %s | %s | %d |\n"
                    .formatted(
                            architecture.resourceName(),
                            ranges,
                            SeccompFilter.of(architecture).program().size()));
        }
        return table.toString();
    }

    private static String name(RestrictedCall call) {
        return "`" + call.callName() + "`" + (call.number(Architecture.AARCH64) < 0 ? "\\*" : "");
    }

    private static String name(Topic topic) {
        return topic.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

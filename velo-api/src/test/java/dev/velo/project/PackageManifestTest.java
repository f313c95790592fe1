package dev.velo.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which changes of a {@code package.json} make another tree. */
final class PackageManifestTest {
    private static String deciding(String text) throws IOException {
        return new String(PackageManifest.deciding(text.getBytes(UTF_8)), UTF_8);
    }

    @Test
    void scriptsThatPeopleStartDecideNothing() throws IOException {
        String rest = ", \"dependencies\": {\"a\": \"^1.0.0\"}, \"n\": 1.50, \"l\": [true, null, {\"scripts\": {}}]}";

        String one = deciding("{\"name\": \"x\", \"scripts\": {\"start\": \"node .\"}" + rest);
        String two = deciding("{\"name\": \"x\", \"scripts\": {\"start\": \"node x\", \"test\": \"jest\"}" + rest);

        assertThat(one).isEqualTo(two).isEqualTo("{\"name\": \"x\", \"scripts\": " + rest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"preinstall", "install", "postinstall", "prepublish", "prepare", "pnpm:devPreinstall"})
    void allOfItCountsWhereAnInstallationRunsAScript(String script) throws IOException {
        String text = "{\"scripts\": {\"build\": \"tsc\", \"" + script + "\": \"npm run build\"}}";

        assertThat(deciding(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"a\": 1} {\"scripts\": {}}",
                "{\"scripts\": {\"start\": \"x\"",
                "{\"scripts\": {\"start\": 'x'}}",
                "{\"name\": \"without scripts\"}",
                "{\"scripts\": \"none\"}"
            })
    void whatIsNoSuchObjectCountsAsItIs(String text) throws IOException {
        assertThat(deciding(text)).isEqualTo(text.contains("none") ? "{\"scripts\": \"none\"}" : text);
    }

    @Test
    void aBottomlessOneCountsAsItIs() throws IOException {
        String text = "{\"scripts\": {}, \"a\": " + "[".repeat(100_000);

        assertThat(deciding(text)).isEqualTo(text);
    }

    @Test
    void workspacesAreNamedAtTheTop() throws IOException {
        assertThat(PackageManifest.hasWorkspaces("{\"workspaces\": [\"packages/*\"]}".getBytes(UTF_8)))
                .isTrue();
        assertThat(PackageManifest.hasWorkspaces("{\"x\": {\"workspaces\": []}}".getBytes(UTF_8)))
                .isFalse();
        assertThat(PackageManifest.hasWorkspaces("{".getBytes(UTF_8))).isFalse();
    }
}

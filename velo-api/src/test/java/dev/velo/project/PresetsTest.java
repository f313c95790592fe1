package dev.velo.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pnpm is told of its store, which it would look for in the project when it makes a tree. */
final class PresetsTest {
    @TempDir
    private Path temporary;

    private Path home;
    private Path folder;

    @BeforeEach
    void makeProject() throws IOException {
        home = Files.createDirectory(temporary.resolve("home"));
        folder = Files.createDirectory(temporary.resolve("project"));
        Files.writeString(folder.resolve("pnpm-lock.yaml"), "lockfileVersion: '9.0'\n");
    }

    private List<String> presets(String... variables) throws IOException {
        List<byte[]> environment = new ArrayList<>(List.of(PathBytes.of("HOME=" + home)));
        for (String variable : variables) {
            environment.add(PathBytes.of(variable));
        }
        UserFacts user = new UserFacts(environment);
        TreeDeclaration tree = TreeDeclaration.usual(Pnpm.ECOSYSTEM, "", Pnpm.ECOSYSTEM.deciding());
        Project project = new Project(PathBytes.of(folder), List.of(tree));
        return Presets.of(project.resolve(user).getFirst(), user).stream()
                .map(PathBytes::show)
                .toList();
    }

    @Test
    void theStoreIsInTheHomeDirectory() throws IOException {
        assertThat(presets())
                .containsExactly(
                        "npm_config_store_dir=" + home + "/.local/share/pnpm/store",
                        "pnpm_config_store_dir=" + home + "/.local/share/pnpm/store");
        assertThat(presets("XDG_DATA_HOME=/data")).contains("npm_config_store_dir=/data/pnpm/store");
        assertThat(presets("PNPM_HOME=/pnpm", "XDG_DATA_HOME=/data")).contains("npm_config_store_dir=/pnpm/store");
    }

    @Test
    void whatTheUserSaysCounts() throws IOException {
        assertThat(presets("npm_config_store_dir=/elsewhere")).isEmpty();
        assertThat(presets("pnpm_config_store_dir=/elsewhere")).isEmpty();
        Files.writeString(folder.resolve("pnpm-lock.yaml"), "packages: storedir\n");
        assertThat(presets()).isNotEmpty();
        Files.writeString(home.resolve(".npmrc"), "store-dir=/elsewhere\n");
        assertThat(presets()).isEmpty();
        Files.delete(home.resolve(".npmrc"));
        Files.writeString(folder.resolve("pnpm-workspace.yaml"), "storeDir: ../store\n");
        assertThat(presets()).isEmpty();
    }
}

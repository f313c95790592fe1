package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A project is looked at, and its trees written down. */
final class InitCommandTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void everyLockfileDeclaresATree(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        place.directory("tree/web");
        for (String name :
                new String[] {"web/pnpm-lock.yaml", "web/package-lock.json", "Cargo.lock", "pom.xml", "sub/pom.xml"}) {
            place.file("tree/" + name, "");
        }

        assertThat(place.velo("init", "tree").run().succeeded().lines())
                .containsExactly(
                        "cargo: cargo, decided by Cargo.lock",
                        "maven: maven, decided by pom.xml",
                        "web/node_modules: pnpm, decided by web/pnpm-lock.yaml");

        assertThat(place.tree().resolve("velo.toml")).content().contains("[[tree]]", "folder = \"web\"");
        assertThat(place.tree().resolve(".gitignore")).hasContent("/.velo/\n");
    }

    @ForEachCaller
    void aSecondTimeNothingIsChanged(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        place.file("tree/yarn.lock", "");
        place.file("tree/.gitignore", "target");
        place.velo("init", "-q", "tree").run().succeeded();
        assertThat(place.tree().resolve(".gitignore")).hasContent("target\n/.velo/\n");
        Path file = place.tree().resolve("velo.toml");
        String mine = Files.readString(file) + "# mine\n";
        place.file("tree/velo.toml", mine);
        place.file("tree/uv.lock", "");

        assertThat(place.velo("init", "tree").run().succeeded().text()).contains("is there already");

        assertThat(file).hasContent(mine);
        assertThat(place.tree().resolve(".gitignore")).hasContent("target\n/.velo/\n");
        place.velo("init", "--force", "-q", "tree").run().succeeded();
        assertThat(file).content().contains("ecosystem = \"uv\"").doesNotContain("# mine");
    }

    @ForEachCaller
    void whereNothingIsLockedThatIsSaid(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);

        assertThat(place.velo("init", "tree").run().succeeded().text()).contains("no lockfile was found");
        place.velo("install").in(place.tree()).run().succeeded();
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts by which shells complete Velo's words. */
final class CompletionCommandTest {
    @TempDir
    private Path temporary;

    private Workplace place() throws Exception {
        return Workplace.make(Caller.all().getFirst(), temporary);
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Workplace place = place();
        place.file(
                "velo.bash", place.velo("completion", "bash").run().succeeded().text());

        Outcome completed = Launch.program(place.caller(), place.folder(), "bash", "-c", """
                        source ./velo.bash
                        COMP_WORDS=(velo work) COMP_CWORD=1 COMP_LINE='velo work' COMP_POINT=9
                        _complete_velo; echo "${COMPREPLY[@]}"
                        COMP_WORDS=(velo install --fro) COMP_CWORD=2 COMP_LINE='velo install --fro' COMP_POINT=18
                        COMPREPLY=(); _complete_velo; echo "${COMPREPLY[@]}"
                        """)
                .run()
                .ended(0);

        assertThat(completed.lines()).containsExactly("worktree", "--frozen");
    }

    @Test
    void fishKnowsEveryCommand() throws Exception {
        Workplace place = place();
        String script = place.velo("completion", "fish").run().succeeded().text();

        assertThat(script).contains("-a worktree", "-l frozen", "__fish_seen_subcommand_from worktree; and");
        Path fish = Path.of("/usr/bin/fish");
        assumeTrue(Files.isExecutable(fish), "the rest takes fish");
        place.file("velo.fish", script);
        assertThat(Launch.program(
                                place.caller(),
                                place.folder(),
                                fish.toString(),
                                "-c",
                                "source velo.fish; complete -C 'velo work'")
                        .run()
                        .ended(0)
                        .text())
                .startsWith("worktree");
    }

    @Test
    void zshTakesBashsScript() throws Exception {
        assertThat(place().velo("completion", "zsh").run().succeeded().text()).contains("bashcompinit");
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code velo} as people start it, once its start-up archive is there. */
final class ScriptIT {
    private static Path installed = Path.of("/");

    private static ScriptFixture velo = new ScriptFixture(installed);

    @TempDir
    private Path temporary;

    private final Caller caller = Caller.all().getFirst();

    @BeforeAll
    static void install() throws Exception {
        installed = Files.createTempDirectory("velo script");
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxr-xr-x"));
        velo = ScriptFixture.installAndTrain(installed.resolve("a folder"));
    }

    @AfterAll
    static void remove() throws Exception {
        HostileTree.deleteTree(installed);
    }

    @BeforeEach
    void makeWorkplace() throws Exception {
        Workplace.make(caller, temporary);
    }

    @Test
    void nothingIsPrintedButWhatTheCommandPrints() throws Exception {
        Outcome version = velo.velo(caller, temporary, "--version").run().succeeded();
        Outcome run = velo.velo(caller, temporary, "run", "tree", "--", "sh", "-c", "echo out; echo err >&2; exit 4")
                .run()
                .ended(4);

        assertThat(version.text()).matches("velo [0-9.]+\n");
        assertThat(run.text()).isEqualTo("out\n");
        assertThat(run.complaint()).isEqualTo("err\n");
    }

    @Test
    void aLargeCheckoutIsTheSameTheFirstTimeAndTheNext() throws Exception {
        // the first hashes, for which the command begins again with another compiler
        Outcome outcome = velo.shell(caller, temporary, """
                        mkdir tree/many && for i in $(seq 1500); do echo "$i" >"tree/many/$i"; done
                        "$VELO" ingest -q tree -o 'a tree.velo'
                        for name in 'one copy' another; do
                          "$VELO" checkout 'a tree.velo' "$name" && diff -r tree "$name" && echo same
                        done
                        """).run().succeeded();

        assertThat(outcome.lines()).hasSize(4).filteredOn("same"::equals).hasSize(2);
        assertThat(outcome.complaint()).isEmpty();
    }

    @Test
    void itFindsItselfThroughLinksAndThePath() throws Exception {
        Files.createDirectory(temporary.resolve("bin"));
        Files.createSymbolicLink(temporary.resolve("bin/direct"), velo.script());
        Files.createSymbolicLink(temporary.resolve("bin/velo"), Path.of("direct"));

        assertThat(velo.shell(
                                caller,
                                temporary,
                                "cd /; \"$HOME/bin/velo\" --version; cd \"$HOME/bin\" && ./velo --version")
                        .run()
                        .succeeded()
                        .lines())
                .hasSize(2);
        assertThat(velo.shell(
                                caller,
                                temporary,
                                "PATH=\"$HOME/bin:$PATH\"; velo --version; cd \"${VELO%/*}\"; ./velo --version")
                        .run()
                        .succeeded()
                        .lines())
                .hasSize(2);
    }

    @Test
    void theCommandHasTheLimitOfDescriptorsOfItsCaller() throws Exception {
        Outcome outcome = velo.shell(caller, temporary, """
                        ulimit -Sn 123; ulimit -Hn 2048
                        "$VELO" run tree -- sh -c 'ulimit -Sn; ulimit -Hn'
                        """).run().succeeded();

        assertThat(outcome.lines()).containsExactly("123", "2048");
    }

    @Test
    void signalsThatWereIgnoredStayIgnoredAndOthersAreNot() throws Exception {
        String mask = "grep SigIgn /proc/self/status";
        Outcome outcome = velo.shell(
                        caller,
                        temporary,
                        "trap '' PIPE HUP INT QUIT TERM USR2; " + mask + "; \"$VELO\" run tree -- " + mask)
                .run()
                .succeeded();
        Outcome plain = velo.shell(caller, temporary, mask + "; \"$VELO\" run tree -- " + mask)
                .run()
                .succeeded();

        assertThat(outcome.lines()).hasSize(2);
        assertThat(outcome.lines().get(1)).isEqualTo(outcome.lines().get(0));
        assertThat(plain.lines().get(1)).isEqualTo(plain.lines().get(0));
    }

    @Test
    void theEnvironmentIsTheCallersButForTheWorkingDirectory() throws Exception {
        String sorted = "env -0 | sort -z | grep -azv -e ^PWD= -e ^_= -e ^SHLVL= | tr '\\0' '|'";
        Outcome outcome = velo.shell(
                        caller,
                        temporary,
                        "export SORTED=\"" + sorted.replace("\\", "\\\\") + "\" ODD=$(printf 'a\\377');"
                                + " sh -c \"$SORTED\"; echo; \"$VELO\" run tree -- sh -c \"$SORTED\"")
                .run()
                .succeeded();

        List<String> lines = outcome.bytes().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).isEqualTo(lines.get(0)).contains("ODD=a\u00ff|");
    }

    @Test
    void descriptorsAndStreamsPassThroughTheScript() throws Exception {
        Outcome outcome = velo.shell(caller, temporary, """
                        "$VELO" run tree -- cat /dev/fd/9 9<tree/sub/deep
                        head -c 100000 /dev/zero | "$VELO" run tree -- wc -c
                        exec ls /proc/self/fd
                        """).run().succeeded();
        Outcome inside = velo.velo(caller, temporary, "run", "tree", "--", "ls", "/proc/self/fd")
                .run()
                .succeeded();

        assertThat(outcome.lines()).startsWith("deep", "100000");
        assertThat(outcome.lines().subList(2, outcome.lines().size())).isEqualTo(inside.lines());
    }

    @Test
    void aFailureOfTheCommandLineHasItsStatus() throws Exception {
        velo.velo(caller, temporary, "ls", "missing.velo").run().failed(1, "missing.velo");
        velo.velo(caller, temporary, "nonsense").run().failed(2, "nonsense");
        velo.velo(caller, temporary, "run", "missing", "--", "true").run().failed(125, "missing");
        velo.velo(caller, temporary, "run", "tree", "--", "no-such-command")
                .run()
                .failed(127, "no-such-command");
    }

    @Test
    void theFirstCommandOfTheReadmeRuns() throws Exception {
        Path root = Path.of(System.getProperty("velo.root", ".."));
        assumeTrue(Files.exists(root.resolve("examples/hello/main.py")), "no examples here");
        assumeTrue(velo.shell(caller, temporary, "command -v python3").run().status() == 0, "no python3");

        Outcome outcome = velo.velo(caller, temporary, "run", root + "/examples/hello", "--", "python3", "main.py")
                .run()
                .succeeded();
        assertThat(outcome.text()).isNotEmpty();
    }

    @Test
    void theJarRunsWithoutWarnings() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        String jar = velo.jar().toString();

        assertThat(Launch.program(caller, temporary, java, "-jar", jar, "--version")
                        .run()
                        .succeeded()
                        .text())
                .matches("velo [0-9.]+\n");
        Launch.program(caller, temporary, java, "-jar", jar, "ingest", "tree", "-q")
                .run()
                .succeeded();
        assertThat(Launch.program(caller, temporary, java, "-jar", jar, "run", "tree.velo", "--", "cat", "greeting")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
    }
}

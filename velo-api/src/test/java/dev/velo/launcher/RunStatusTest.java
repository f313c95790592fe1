package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How a run ends, and what can be run. */
@Execution(ExecutionMode.CONCURRENT)
final class RunStatusTest {
    private static final Path STATIC_PROGRAM = Path.of("/bin/busybox");

    @TempDir
    private Path temporary;

    @ForEachCaller
    void theStatusIsTheCommands(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        for (int status : new int[] {0, 1, 3, 125, 126, 127, 255}) {
            place.inTree("exit " + status).run().ended(status);
        }
    }

    @ForEachCaller
    void theCallerSeesTheSignalThatEndedTheCommand(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Outcome outcome = place.shell("""
                        for signal in TERM KILL SEGV HUP; do
                          "$@" run tree.velo -- sh -c "kill -$signal \\$\\$"; echo $signal $?
                        done
                        """).run().ended(0);

        assertThat(outcome.lines()).containsExactly("TERM 143", "KILL 137", "SEGV 139", "HUP 129");
    }

    @ForEachCaller
    void whatIsNotThereIs127(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "tree.velo", "--", "no-such-command").run().failed(127, "no-such-command");
        place.velo("run", "tree.velo", "--", "./no-such-file").run().failed(127, "./no-such-file");
        place.velo("run", "tree.velo", "--", "ls")
                .with("PATH", "/nowhere")
                .run()
                .failed(127, "ls");
    }

    @ForEachCaller
    void whatDoesNotRunIs126(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "tree.velo", "--", "./greeting").run().failed(126, "./greeting", "Permission denied");
        place.velo("run", "tree.velo", "--", "./sub").run().failed(126, "./sub");
    }

    @ForEachCaller
    void whatVeloCannotDoIs125(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Files.writeString(temporary.resolve("junk.velo"), "junk");

        place.velo("run", "missing.velo", "--", "true").run().failed(125, temporary + "/missing.velo");
        place.velo("run", "junk.velo", "--at", "at", "--", "true").run().failed(125, "--at");
        place.velo("run", "--at", "at", "junk.velo", "--", "true").run().failed(125, temporary + "/junk.velo");
        place.velo("run", "--no-such-option", "tree.velo", "--", "true").run().failed(125, "--no-such-option");
        place.velo("run", "--mode", "magic", "tree.velo", "--", "true").run().failed(125, "--mode");
        place.velo("run", "tree.velo").run().failed(125, "command");
        place.velo("run").run().failed(125, "tree");
    }

    @ForEachCaller
    void programsOfTheTreeRun(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        Path plain = place.file("tree/plain", "echo \"plain $*\"\n");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(place.velo("run", "tree", "--", "./tool", "a b", "")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("tool a b \n");
        assertThat(place.velo("run", "tree", "--", "./plain", "c")
                        .run()
                        .succeeded()
                        .text())
                .as("a script without #!")
                .isEqualTo("plain c\n");
        assertThat(place.velo("run", "tree", "--", "tool", "d")
                        .with("PATH", "/nowhere:.:/bin")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("tool d\n");
    }

    @ForEachCaller
    void aStaticProgramRuns(Caller caller) throws Exception {
        assumeTrue(Files.isExecutable(STATIC_PROGRAM), "busybox is not installed");
        Workplace place = Workplace.make(caller, temporary);
        Path copy = Files.copy(STATIC_PROGRAM, place.tree().resolve("busybox"));
        caller.own(copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(place.velo("run", "tree", "--", "./busybox", "cat", "greeting")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
    }

    @ForEachCaller
    void argumentsThatLookLikeOptionsAreTheCommands(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        assertThat(place.velo("run", "tree.velo", "--", "printf", "%s|", "--help", "-v", "--", "@x", "${y}", "")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("--help|-v|--|@x|${y}||");
        assertThat(place.velo("run", "--manifest", "tree.velo", "printf", "%s|", "--at", "--json")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("--at|--json|");
    }
}

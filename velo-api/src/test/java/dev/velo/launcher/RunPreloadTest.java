package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs whose command is shown the tree by the preload shim: at a place that does not exist, with nothing mounted. */
@Execution(ExecutionMode.CONCURRENT)
final class RunPreloadTest {
    private static final Path AT = Path.of("/nowhere/velo");
    private static final Path STATIC_PROGRAM = Path.of("/bin/busybox");
    private static final Path SETUID_PROGRAM = Path.of("/bin/su");

    @TempDir
    private Path temporary;

    private static Launch run(Workplace place, String... words) {
        List<String> all =
                new ArrayList<>(List.of("run", "--mode", "preload", "--at", AT.toString(), "tree.velo", "--"));
        all.addAll(List.of(words));
        return place.velo(all.toArray(String[]::new));
    }

    /** Nothing can load the libraries of this store any more. */
    static void breakShim(Workplace place) throws IOException {
        Path room = place.store().resolve("shim");
        for (String name : Workplace.names(room)) {
            Path library = room.resolve(name).resolve("libvelo.so");
            if (Files.exists(library)) {
                Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-r--r--"));
                Files.writeString(library, "no library");
            }
        }
    }

    /** The loader would only warn, and the program would see no tree. */
    @Test
    void aProgramOfAUserWhoMayNotReadTheStoreIsRefused() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can become another user");
        Workplace place = Workplace.ingested(Caller.all().getFirst(), temporary);

        Outcome outcome = run(
                        place, "setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "cat", AT + "/greeting")
                .run()
                .ended(126);

        assertThat(outcome.complaint())
                .contains("cat would run as a user who may not read the store", "--mode mount or --mode link");
    }

    @ForEachCaller
    void theTreeIsSeenWhereNothingIs(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        assertThat(Workplace.names(place.store().resolve("objects"))).isEmpty();

        Outcome outcome = run(place, "sh", "-c", "pwd; cat greeting " + AT + "/sub/deep; ls; readlink link")
                .run()
                .succeeded();

        assertThat(outcome.lines())
                .containsExactly(
                        AT.toString(), "hello", "deep", "empty", "greeting", "link", "sub", "tool", "greeting");
        assertThat(AT.getParent()).doesNotExist();
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void nothingIsMountedAndNoNamespaceIsNew(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String look = "cut -d' ' -f5- /proc/self/mountinfo; readlink /proc/self/ns/mnt /proc/self/ns/user";

        assertThat(run(place, "sh", "-c", look).run().succeeded().text())
                .isEqualTo(place.shell(look).run().succeeded().text());
    }

    @ForEachCaller
    void programsAndScriptsOfTheTreeRun(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        Path program = Files.copy(Path.of("/bin/cat").toRealPath(), place.tree().resolve("sub/cat"));
        caller.own(program);
        place.velo("ingest", "tree", "-q").run().succeeded();

        assertThat(run(place, "./tool", "a b").run().succeeded().text()).isEqualTo("tool a b\n");
        assertThat(run(place, "sub/cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");
        assertThat(run(place, "cat", "link")
                        .with("PATH", AT + "/sub:/usr/bin:/bin")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
    }

    @ForEachCaller
    void theStatusIsTheCommands(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        run(place, "sh", "-c", "exit 3").run().ended(3);
        run(place, "no-such-command").run().failed(127, "no-such-command");
        run(place, "./no-such-file").run().failed(127, "./no-such-file");
        run(place, "./greeting").run().failed(126, "./greeting", "Permission denied");
    }

    @ForEachCaller
    void writesAreRefused(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        assertThat(run(place, "sh", "-c", "echo x >new").run().complaint()).contains("Read-only file system");
        place.velo("run", "--mode", "preload", "--writable", "--at", AT.toString(), "tree.velo", "--", "true")
                .run()
                .failed(125, "read-only", "--mode mount", "--mode link");
        place.velo("run", "--mode", "preload", "--upper", "upper", "--at", AT.toString(), "tree.velo", "--", "true")
                .run()
                .failed(125, "read-only", "--mode mount", "--mode link");
    }

    @ForEachCaller
    void aStaticProgramIsRefusedWithAdvice(Caller caller) throws Exception {
        assumeTrue(Files.isExecutable(STATIC_PROGRAM), "busybox is not installed");
        Workplace place = Workplace.ingested(caller, temporary);

        run(place, STATIC_PROGRAM.toString(), "true")
                .run()
                .failed(125, "linked statically", "--mode mount", "--mode link");
    }

    @ForEachCaller
    void aProgramThatGainsRightsIsRefusedWithAdvice(Caller caller) throws Exception {
        assumeTrue(caller == Caller.USER, "root has them");
        assumeTrue(Files.isExecutable(SETUID_PROGRAM), "su is not installed");
        Workplace place = Workplace.ingested(caller, temporary);

        run(place, SETUID_PROGRAM.toString(), "--version")
                .run()
                .failed(125, "rights of another user", "--mode mount", "--mode link");
    }

    @ForEachCaller
    void aShimThatDoesNotComeUpEndsTheCommand(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        run(place, "true").run().succeeded();
        breakShim(place);

        Outcome outcome = run(place, "sh", "-c", "sleep 50; echo went on").run().ended(125);

        assertThat(outcome.text()).isEmpty();
        assertThat(outcome.complaint()).contains("velo: the preload shim did not take effect in sh", "velo doctor");
    }

    @ForEachCaller
    void aPlaceThatCannotBeMadeTakesNoMount(Caller caller) throws Exception {
        assumeTrue(caller == Caller.USER, "root can make folders everywhere");
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.shell("\"$@\" run -v --at " + AT + " tree.velo -- cat greeting")
                .run()
                .ended(0);

        assertThat(outcome.text()).isEqualTo("hello\n");
        assertThat(outcome.complaint()).contains("velo: not by link: cannot make", "velo: by preload");
    }

    @ForEachCaller
    void whereNothingElseCanBeHadItIsTaken(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        RunCopyTest.assumePossible(place);

        Outcome outcome = place.shell(
                        RunCopyTest.forbidding(caller) + "\"$@\" run -v --at " + AT + " tree.velo -- cat greeting")
                .run()
                .ended(0);

        assertThat(outcome.text()).isEqualTo("hello\n");
        assertThat(outcome.complaint()).contains("velo: not by mount: ", "velo: not by link: ", "velo: by preload");
    }
}

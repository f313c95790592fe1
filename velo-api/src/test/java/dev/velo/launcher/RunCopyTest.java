package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs where namespaces are not permitted: what is said, and the copy that works without. */
@Execution(ExecutionMode.CONCURRENT)
final class RunCopyTest {
    /** Starts what follows as this caller without permission to make mount namespaces. */
    static String forbidding(Caller caller) {
        return caller == Caller.ROOT
                ? "setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "
                : "unshare --user --map-current-user --keep-caps sh -c 'echo 0 >/proc/sys/user/max_user_namespaces &&"
                        + " exec setpriv --inh-caps=-all --ambient-caps=-all \"$@\"' sh ";
    }

    @TempDir
    private Path temporary;

    @ForEachCaller
    void whereNamespacesAreNotPermittedOneSentenceNamesTheWayWithout(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        assumePossible(place);

        place.shell(forbidding(caller) + "\"$@\" run --mode link tree.velo -- true")
                .run()
                .failed(125, "--mode copy");
    }

    @ForEachCaller
    void aCopyWorksWithoutNamespaces(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        assumePossible(place);

        Outcome outcome = place.shell(forbidding(caller) + "\"$@\" run --mode copy tree.velo -- cat greeting sub/deep")
                .run()
                .ended(0);

        assertThat(outcome.text()).isEqualTo("hello\ndeep\n");
    }

    @ForEachCaller
    void theCommandRunsInAnExactWritableCopyThatIsGoneAfterwards(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String script =
                "find . -printf '%P %y %m %s %T@ %l\\n' | grep -v ' d ' | sort; pwd; echo x >new && echo x >>greeting; exit 3";

        Outcome outcome = place.velo("run", "--mode", "copy", "tree.velo", "--", "sh", "-c", script)
                .run()
                .ended(3);
        Outcome original = place.shell("cd tree; find . -printf '%P %y %m %s %T@ %l\\n' | grep -v ' d ' | sort")
                .run()
                .succeeded();

        Path copy = Path.of(outcome.lines().getLast());
        assertThat(outcome.text()).isEqualTo(original.text() + copy + "\n");
        assertThat(outcome.complaint()).isEqualTo("velo: the command runs in a copy of the tree, " + copy + "\n");
        assertThat(copy).doesNotExist();
        assertThat(Workplace.names(place.store().resolve("copies"))).isEmpty();
        assertThat(place.tree().resolve("new")).doesNotExist();
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void whoStandsInsideTheTreeIsInTheSameFolderOfTheCopy(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.velo("run", "--mode", "copy", "../../tree.velo", "--", "cat", "deep")
                .in(place.tree().resolve("sub"))
                .run()
                .ended(0);

        assertThat(outcome.text()).isEqualTo("deep\n");
    }

    @ForEachCaller
    void aCopyKeepsNothingAndAppearsNowhereElse(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "--mode", "copy", "--upper", "upper", "tree.velo", "--", "true")
                .run()
                .failed(125, "--upper", "--mode link");
        place.velo("run", "--mode", "copy", "--at", "at", "tree.velo", "--", "true")
                .run()
                .failed(125, "--at", "--mode link");
    }

    @ForEachCaller
    void theCopyIsGoneAfterACommandThatCouldNotRun(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "--mode", "copy", "tree.velo", "--", "no-such-command")
                .run()
                .ended(127);
        place.velo("run", "--mode", "copy", "tree.velo", "--", "sh", "-c", "kill -KILL $$")
                .run()
                .ended(137);

        assertThat(Workplace.names(place.store().resolve("copies"))).isEmpty();
    }

    static void assumePossible(Workplace place) throws Exception {
        assumeTrue(
                place.shell(forbidding(place.caller()) + "true").run().status() == 0,
                "namespaces cannot be taken away here");
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Mounted trees, from outside: who may have them, where writes go, and what a death half-way leaves. */
@Execution(ExecutionMode.CONCURRENT)
final class MountedTreeTest {
    private static final int ROUNDS = 12;

    @TempDir
    private Path temporary;

    private Workplace place;

    @BeforeEach
    void ingest() throws Exception {
        place = Workplace.ingested(Caller.all().getFirst(), temporary);
    }

    private void assumeMounts() throws Exception {
        Outcome outcome =
                place.velo("run", "--mode", "mount", "tree.velo", "--", "true").run();
        assumeTrue(outcome.status() == 0, outcome.complaint());
    }

    @Test
    void whoMayNotMountIsToldWhyAndShownLinks() throws Exception {
        assumeTrue(HostileTree.isRoot() && Caller.withNamespaces().contains(Caller.USER), "needs a plain user");
        Workplace plain = Workplace.ingested(Caller.USER, Files.createDirectory(temporary.resolve("plain")));
        plain.velo("run", "--mode", "mount", "tree.velo", "--", "true")
                .run()
                .failed(125, "CAP_SYS_ADMIN in the initial user namespace");
        Path at = plain.directory("at");
        plain.velo("mount", "tree.velo", at.toString()).run().failed(1, "CAP_SYS_ADMIN");
        assertThat(plain.velo("run", "-v", "--mode", "auto", "tree.velo", "--", "cat", "greeting")
                        .run()
                        .ended(0)
                        .complaint())
                .contains("velo: not by mount: mounting an image takes CAP_SYS_ADMIN")
                .contains("velo: by link\n");
    }

    @Test
    void writesGoWhereTheyAreAskedTo() throws Exception {
        assumeMounts();
        String change = "echo new > greeting; rm sub/deep; cat greeting";
        assertThat(place.velo("run", "--mode", "mount", "--writable", "tree.velo", "--", "sh", "-c", change)
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("new\n");
        place.velo("run", "--mode", "mount", "--upper", "upper", "tree.velo", "--", "sh", "-c", change)
                .run()
                .succeeded();
        assertThat(place.velo("run", "--mode", "mount", "--upper", "upper", "tree.velo", "--", "cat", "greeting")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("new\n");
        assertThat(place.inTree("cat greeting sub/deep").run().succeeded().text())
                .isEqualTo("hello\ndeep\n");
    }

    @Test
    void anUpperIsWrittenToByOneAtATime() throws Exception {
        assumeMounts();
        Path at = place.directory("at");
        place.velo("mount", "--upper", "upper", "tree.velo", "at").run().succeeded();
        Files.writeString(at.resolve("more"), "more");
        place.velo("run", "--upper", "upper", "tree.velo", "--", "true").run().failed(125, "is mounted at");
        place.velo("umount", "at").run().succeeded();
        assertThat(place.velo("run", "--upper", "upper", "tree.velo", "--", "cat", "more")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("more");
    }

    @Test
    void aRunThatIsKilledWhileItMountsLeavesWhatTheNextGoesOnFrom() throws Exception {
        assumeMounts();
        Victim victim = new Victim(place, "run", "--rehearse", "--mode", "mount", "tree.velo", "--", "true");
        String forget = "umount -l store/mounts; rm -rf store/mounts store/images";
        place.shell(forget).run().ended(0);
        int calls = victim.changingCalls();
        for (int moment : Moments.of(calls, Moments.rounds(ROUNDS))) {
            place.shell(forget).run().ended(0);
            victim.killBefore(moment);
            assertThat(place.velo("run", "--mode", "mount", "tree.velo", "--", "cat", "greeting")
                            .run()
                            .succeeded()
                            .text())
                    .as("killed before call %s of %s", moment, calls)
                    .isEqualTo("hello\n");
        }
    }
}

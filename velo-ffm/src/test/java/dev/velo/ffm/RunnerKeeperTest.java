package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.AT_FDCWD;
import static dev.velo.ffm.RunnerFixture.script;
import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process that cleans up after a runner, however that ended. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunnerKeeperTest {
    private static final String WAIT = "echo ready; while :; do sleep 0.02; done";
    private static final Duration BUSY = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private RunnerFixture runner;
    private Path made;

    @BeforeEach
    void extract() throws Exception {
        runner = new RunnerFixture(directory);
        made = directory.resolve("made");
    }

    /** Makes a folder and removes it; the command does not outlive the runner. */
    private PlanBuilder plan() {
        PlanBuilder plan = new PlanBuilder().keeper();
        plan.setup().mkdirat(AT_FDCWD, bytes(made), 0755);
        plan.cleanup().unlinkat(AT_FDCWD, bytes(made), FileCalls.AT_REMOVEDIR);
        plan.child().prctl(ProcessCalls.PR_SET_PDEATHSIG, ProcessCalls.SIGKILL, 0, 0, 0);
        return plan;
    }

    private PlanBuilder plan(String script) {
        return script(plan(), script, made.toString());
    }

    @Test
    void cleansUpBeforeTheRunnerEnds() throws Exception {
        assertThat(runner.run(plan("test -d \"$0\" && exit 6"))).isEqualTo(new SpawnStatus(6, 0));
        assertThat(made).doesNotExist();
        assertThat(runner.errors()).isEmpty();
    }

    @Test
    void cleansUpWhenTheSetupFails() throws Exception {
        PlanBuilder plan = plan("exit 0");
        plan.setup().chdir(bytes("/no/such"));
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(125, 0));
        assertThat(made).doesNotExist();
        assertThat(runner.errors()).isEqualTo("velo: chdir /no/such: No such file or directory\n");
    }

    @Test
    void cleansUpWhenTheCommandCannotBeStarted() throws Exception {
        PlanBuilder plan = plan();
        plan.child().execve(bytes("/no/such"), list("x"), list());
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(127, 0));
        assertThat(made).doesNotExist();
    }

    @Test
    void cleansUpAfterAKilledRunner() throws Exception {
        try (SpawnedProcess process = runner.start(plan(WAIT))) {
            runner.awaitLine("ready");
            assertThat(made).isDirectory();
            process.signal(ProcessCalls.SIGKILL);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGKILL));
        }
        awaitGone(made);
    }

    @Test
    void aSignalToTheGroupDoesNotEndIt() throws Exception {
        PlanBuilder starter = new PlanBuilder();
        starter.setsid();
        try (SpawnedProcess process = runner.start(runner.withStreams(starter), plan(WAIT))) {
            runner.awaitLine("ready");
            ProcessCalls.kill(-process.pid(), ProcessCalls.SIGKILL);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGKILL));
        }
        awaitGone(made);
    }

    @Test
    void holdsNothingAndHearsNothing() throws Exception {
        try (SpawnedProcess process = runner.start(plan(WAIT))) {
            runner.awaitLine("ready");
            long keeper = keeperOf(process.pid());
            try (var open = Files.list(Path.of("/proc/" + keeper + "/fd"))) {
                assertThat(open.map(fd -> fd.getFileName().toString())).containsExactlyInAnyOrder("0", "2");
            }
            String status = Files.readString(Path.of("/proc/" + keeper + "/status"));
            long terminating = 1L << (ProcessCalls.SIGTERM - 1) | 1L << (ProcessCalls.SIGHUP - 1);
            assertThat(Texts.signals(status, "SigBlk") & terminating).isEqualTo(terminating);
            process.signal(ProcessCalls.SIGTERM);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGTERM));
        }
        assertThat(made).doesNotExist();
    }

    @Test
    void theRunnerCleansUpAfterAKilledKeeper() throws Exception {
        try (SpawnedProcess process = runner.start(plan(WAIT))) {
            runner.awaitLine("ready");
            ProcessCalls.kill((int) keeperOf(process.pid()), ProcessCalls.SIGKILL);
            process.signal(ProcessCalls.SIGTERM);
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGTERM));
        }
        assertThat(made).doesNotExist();
    }

    @Test
    void aCleanupThatNeedsTheSetupIsRefused() {
        PlanBuilder conditional = new PlanBuilder().keeper();
        PlanEntry mkdir = conditional.setup().mkdirat(AT_FDCWD, bytes(made), 0755);
        conditional
                .cleanup()
                .unlinkat(AT_FDCWD, bytes(made), FileCalls.AT_REMOVEDIR)
                .onlyIf(mkdir);
        assertThatIllegalArgumentException()
                .isThrownBy(conditional::build)
                .withMessageContaining("which a keeper does not know");
        PlanBuilder using = new PlanBuilder().keeper();
        PlanEntry opened = using.setup().openat(AT_FDCWD, bytes("/"), FileCalls.O_CLOEXEC, 0);
        using.cleanup().fchdir(opened.result());
        assertThatIllegalArgumentException().isThrownBy(using::build);
    }

    @Test
    void isTheRunnersAlone() {
        PlanBuilder plan = script(new PlanBuilder().keeper(), "exit 0");
        assertThat(plan.build().describe()).startsWith("cleanup by a keeper\n");
        assertThatIllegalArgumentException().isThrownBy(() -> ProcessCalls.spawn(plan.build()));
    }

    @Test
    void whatIsBusyForAWhileIsRemovedThen() throws Exception {
        PlanBuilder plan = removing("(sleep 0.3; umount \"$0\") > /dev/null 2>&1 & exit 3");
        assertThat(runMounted(plan)).isEqualTo(new SpawnStatus(3, 0));
        assertThat(made).doesNotExist();
        assertThat(runner.errors()).isEmpty();
    }

    @Test
    void whatStaysBusyIsGivenUpAndTold() throws Exception {
        long start = System.nanoTime();
        assertThat(runMounted(removing("exit 3"))).isEqualTo(new SpawnStatus(3, 0));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(BUSY);
        assertThat(runner.errors())
                .isEqualTo("velo: cannot remove it: unlinkat " + made + ": Device or resource busy\n");
    }

    private PlanBuilder removing(String script) {
        PlanBuilder plan = script(new PlanBuilder().keeper(), script, made.toString());
        plan.cleanup()
                .what("cannot remove it")
                .unlinkat(AT_FDCWD, bytes(made), FileCalls.AT_REMOVEDIR)
                .retryingBusy();
        return plan;
    }

    /** Runs it where the folder is a mount point, and therefore busy. */
    private SpawnStatus runMounted(PlanBuilder plan) throws Exception {
        assumeTrue(IdentityCalls.geteuid() == 0, "mounting without a user namespace is root's");
        NativeTools.assumeTool("umount");
        Files.createDirectory(made);
        PlanBuilder starter = new PlanBuilder().namespaces(PlanBuilder.CLONE_NEWNS);
        starter.mount(null, bytes("/"), null, MountCalls.MS_REC | MountCalls.MS_SLAVE, null);
        starter.mount(bytes(made), bytes(made), null, MountCalls.MS_BIND, null);
        try (SpawnedProcess process = runner.start(runner.withStreams(starter), plan)) {
            return process.waitFor();
        }
    }

    private static void awaitGone(Path path) throws Exception {
        while (Files.exists(path)) {
            Thread.sleep(5);
        }
    }

    private static long keeperOf(int runner) throws IOException {
        String children = Files.readString(Path.of("/proc/" + runner + "/task/" + runner + "/children"));
        for (String child : children.strip().split(" ", -1)) {
            if (Files.readString(Path.of("/proc/" + child + "/comm")).equals("velo-keeper\n")) {
                return Long.parseLong(child);
            }
        }
        throw new AssertionError("no keeper among the children of " + runner + ": " + children);
    }
}

package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.AT_FDCWD;
import static dev.velo.ffm.RunnerFixture.awaitState;
import static dev.velo.ffm.RunnerFixture.script;
import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runner as its parent and its command see it: statuses, messages, setup and cleanup. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunnerTest {
    @TempDir
    Path directory;

    private RunnerFixture runner;

    @BeforeEach
    void extract() throws Exception {
        runner = new RunnerFixture(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 255})
    void endsWithTheCommandsCode(int code) throws Exception {
        assertThat(runner.run(script(new PlanBuilder(), "exit " + code))).isEqualTo(new SpawnStatus(code, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 11, 13, 15, 34})
    void diesOfTheCommandsSignal(int signal) throws Exception {
        assertThat(runner.run(script(new PlanBuilder(), "kill -" + signal + " $$")))
                .isEqualTo(new SpawnStatus(0, signal));
    }

    @Test
    void worksWithoutClone3() throws Exception {
        assertThat(runner.run(script(new PlanBuilder().forceClone(), "exit 4"))).isEqualTo(new SpawnStatus(4, 0));
    }

    @Test
    void aMissingCommandIs127() throws Exception {
        PlanBuilder plan = new PlanBuilder().what("cannot run nosuch");
        plan.execSearch(bytes("nosuch"), list("nosuch"), list(), bytes("/bin:/usr/bin"));
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(127, 0));
        assertThat(runner.errors()).isEqualTo("velo: cannot run nosuch: execve nosuch: No such file or directory\n");
    }

    @Test
    void aCommandThatDoesNotRunIs126() throws Exception {
        PlanBuilder denied = new PlanBuilder();
        denied.execSearch(bytes("/etc/passwd"), list("x"), list(), bytes("/bin"));
        assertThat(runner.run(denied)).isEqualTo(new SpawnStatus(126, 0));
        assertThat(runner.errors()).isEqualTo("velo: execve /etc/passwd: Permission denied\n");
    }

    @Test
    void aFailureOfVelosOwnIs125() throws Exception {
        PlanBuilder setup = new PlanBuilder().setup().prefix("test: ").what("cannot go there");
        setup.chdir(bytes("/no/such"));
        assertThat(runner.run(script(setup, "exit 0"))).isEqualTo(new SpawnStatus(125, 0));
        assertThat(runner.errors()).isEqualTo("test: cannot go there: chdir /no/such: No such file or directory\n");
        PlanBuilder child = new PlanBuilder();
        child.close(PlanArgument.of(54321));
        assertThat(runner.run(script(child, "exit 0"))).isEqualTo(new SpawnStatus(125, 0));
        assertThat(runner.errors()).isEqualTo("velo: close: Bad file descriptor\n");
    }

    @Test
    void aScriptWithoutAnInterpreterIsGivenToTheShell() throws Exception {
        Path script = Files.writeString(directory.resolve("velo-script"), "echo $0 $1; exit 5\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        PlanBuilder plan = new PlanBuilder();
        plan.restoreMask();
        plan.execSearch(bytes("velo-script"), list("velo-script", "a"), list(), bytes("/bin:" + directory));
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(5, 0));
        assertThat(runner.output()).isEqualTo(script + " a\n");
    }

    @Test
    void refusesWhatIsNoPlan() throws Exception {
        PlanBuilder starter = new PlanBuilder();
        starter.dup3(
                starter.openat(AT_FDCWD, bytes("/dev/null"), FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0)
                        .result(),
                2,
                0);
        starter.execve(bytes(directory.resolve("runner")), list("runner", "777"), list());
        try (SpawnedProcess process = ProcessCalls.spawn(starter.build())) {
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(125, 0));
        }
    }

    @Test
    void cleansUpAfterTheCommand() throws Exception {
        Path made = directory.resolve("made");
        PlanBuilder plan = new PlanBuilder();
        PlanEntry mkdir = plan.setup().mkdirat(AT_FDCWD, bytes(made), 0755);
        plan.cleanup().chdir(bytes("/no/such"));
        plan.unlinkat(AT_FDCWD, bytes(made), FileCalls.AT_REMOVEDIR).onlyIf(mkdir);
        assertThat(runner.run(script(plan, "test -d \"$0\" && exit 6", made.toString())))
                .isEqualTo(new SpawnStatus(6, 0));
        assertThat(made).doesNotExist();
    }

    @Test
    void cleansUpWhenTheCommandCannotBeStarted() throws Exception {
        Path made = directory.resolve("made");
        PlanBuilder plan = new PlanBuilder();
        PlanEntry mkdir = plan.setup().mkdirat(AT_FDCWD, bytes(made), 0755);
        plan.child().execve(bytes("/no/such"), list("x"), list());
        plan.cleanup().unlinkat(AT_FDCWD, bytes(made), FileCalls.AT_REMOVEDIR).onlyIf(mkdir);
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(127, 0));
        assertThat(made).doesNotExist();
    }

    @Test
    void leavesWhatItDidNotMake() throws Exception {
        Path there = Files.createDirectory(directory.resolve("there"));
        PlanBuilder plan = new PlanBuilder();
        PlanEntry mkdir = plan.setup().mkdirat(AT_FDCWD, bytes(there), 0755).ignoringErrors();
        plan.cleanup().unlinkat(AT_FDCWD, bytes(there), FileCalls.AT_REMOVEDIR).onlyIf(mkdir);
        assertThat(runner.run(script(plan, "exit 0"))).isEqualTo(new SpawnStatus(0, 0));
        assertThat(there).isDirectory();
    }

    @Test
    void holdsALockAsLongAsTheCommandRuns() throws Exception {
        Path lock = Files.createFile(directory.resolve("lock"));
        Path gate = fifo("gate");
        PlanBuilder plan = new PlanBuilder().setup();
        PlanEntry file = plan.openat(AT_FDCWD, bytes(lock), FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        plan.flock(file.result(), FileCalls.LOCK_EX);
        script(plan, "echo ready; read line < \"$0\"", gate.toString());
        try (SpawnedProcess process = runner.start(plan)) {
            runner.awaitLine("ready");
            assertThat(locks(lock)).isFalse();
            Files.writeString(gate, "go\n");
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, 0));
        }
        assertThat(locks(lock)).isTrue();
    }

    @Test
    void letsAReaderSeeTheEndOfWhatTheCommandClosed() throws Exception {
        Path gate = fifo("gate");
        Path pipe = fifo("pipe");
        int holder = FileCalls.openat(-100, bytes(pipe), FileCalls.O_RDWR, 0);
        PlanBuilder starter = new PlanBuilder();
        starter.dup3(
                starter.openat(AT_FDCWD, bytes(pipe), FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0)
                        .result(),
                1,
                0);
        starter.dup3(
                starter.openat(AT_FDCWD, bytes("/dev/null"), FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0)
                        .result(),
                2,
                0);
        PlanBuilder plan = script(new PlanBuilder(), "echo out; exec >&-; read line < \"$0\"; exit 3", gate.toString());
        try (var in = Files.newInputStream(pipe);
                SpawnedProcess process = runner.start(starter, plan)) {
            FileCalls.close(holder);
            assertThat(in.readAllBytes()).isEqualTo(bytes("out\n"));
            awaitState(process.pid(), "S");
            Files.writeString(gate, "go\n");
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(3, 0));
        }
    }

    @Test
    void theCommandKeepsInheritedDescriptorsAndTheRunnerDoesNot() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "kept\n");
        PlanBuilder starter = new PlanBuilder();
        starter.dup3(
                starter.openat(AT_FDCWD, bytes(file), FileCalls.O_CLOEXEC, 0).result(), 7, 0);
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_CLOEXEC;
        starter.dup3(starter.openat(AT_FDCWD, bytes(runner.out), flags, 0600).result(), 1, 0);
        PlanBuilder plan =
                script(new PlanBuilder(), "cat <&7; ls /proc/$$/fd; echo then; sleep 0.1; ls /proc/$PPID/fd");
        try (SpawnedProcess process = runner.start(starter, plan)) {
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, 0));
        }
        String[] parts = runner.output().split("then\n", -1);
        assertThat(parts[0]).startsWith("kept\n").contains("\n7\n").doesNotContain("\n9\n");
        // its own is what it waits for signals by
        assertThat(parts[1]).isEqualTo("0\n2\n");
    }

    @Test
    void manyStartAtOnce() throws Exception {
        List<SpawnedProcess> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Path own = Files.createDirectory(directory.resolve("run" + i));
            all.add(new RunnerFixture(own).start(script(new PlanBuilder(), "sleep 0.0" + i + "; exit " + i)));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(all.get(i).waitFor()).isEqualTo(new SpawnStatus(i, 0));
            all.get(i).close();
        }
    }

    private Path fifo(String name) throws Exception {
        Path path = directory.resolve(name);
        NativeTools.assumeTool("mkfifo");
        assertThat(NativeTools.run("mkfifo", path.toString()).status()).isZero();
        return path;
    }

    private static boolean locks(Path file) throws Exception {
        int fd = FileCalls.openat(-100, bytes(file), FileCalls.O_RDWR, 0);
        try {
            return Door.raw(Syscall.FLOCK, fd, FileCalls.LOCK_EX | FileCalls.LOCK_NB, 0, 0, 0, 0) == 0;
        } finally {
            FileCalls.close(fd);
        }
    }
}

package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.AT_FDCWD;
import static dev.velo.ffm.RunnerFixture.script;
import static dev.velo.ffm.Texts.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The section beside the command: it runs, nobody waits for it, and nothing of it is left. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunnerBesideTest {
    private static final int READ = FileCalls.O_RDONLY | FileCalls.O_CLOEXEC;
    private static final int WRITE = FileCalls.O_WRONLY | FileCalls.O_CLOEXEC;

    @TempDir
    Path directory;

    private RunnerFixture runner;

    @BeforeEach
    void extract() throws Exception {
        runner = new RunnerFixture(directory);
    }

    @Test
    void runsBesideTheCommandAndUsesWhatTheSetupOpened() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        Path copy = Files.createFile(directory.resolve("copy"));
        PlanBuilder plan = new PlanBuilder().setup();
        PlanEntry in = plan.openat(AT_FDCWD, bytes(file), READ, 0);
        plan.beside();
        PlanEntry out = plan.openat(AT_FDCWD, bytes(copy), WRITE, 0);
        plan.sendfile(out.result(), in.result(), 3, FileCalls.SENDFILE_MAX);
        script(plan, "until test -s \"$0\"; do sleep 0.01; done; cat \"$0\"; exit 3", copy.toString());
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(3, 0));
        assertThat(runner.output()).isEqualTo("3456789");
    }

    @Test
    void itsFailureIsNobodysBusiness() throws Exception {
        Path made = directory.resolve("made");
        PlanBuilder plan = new PlanBuilder().beside();
        plan.close(PlanArgument.of(54321));
        plan.mkdirat(AT_FDCWD, bytes(made), 0755);
        assertThat(runner.run(script(plan, "sleep 0.1; exit 4"))).isEqualTo(new SpawnStatus(4, 0));
        assertThat(runner.errors()).isEmpty();
        assertThat(made).doesNotExist();
    }

    @Test
    void isNotWaitedForAndIsReaped() throws Exception {
        Path never = fifo("never");
        PlanBuilder plan = new PlanBuilder().beside();
        plan.openat(AT_FDCWD, bytes(never), READ, 0);
        script(plan, "until cat /proc/$PPID/task/$PPID/children | grep ' [0-9]'; do :; done");
        assertThat(runner.run(plan)).isEqualTo(new SpawnStatus(0, 0));
        String beside = runner.output().strip().split(" ", -1)[1];
        assertThat(Path.of("/proc", beside)).doesNotExist();
    }

    @Test
    void holdsNothingOfTheCommandsOpen() throws Exception {
        Path never = fifo("never");
        Path pipe = fifo("pipe");
        int holder = FileCalls.openat(FileCalls.AT_FDCWD, bytes(pipe), FileCalls.O_RDWR, 0);
        PlanBuilder starter = new PlanBuilder();
        PlanArgument end = starter.openat(AT_FDCWD, bytes(pipe), WRITE, 0).result();
        starter.dup3(end, 1, 0);
        starter.dup3(starter.openat(AT_FDCWD, bytes("/dev/null"), WRITE, 0).result(), 2, 0);
        PlanBuilder plan = new PlanBuilder().beside();
        plan.openat(AT_FDCWD, bytes(never), READ, 0);
        script(
                plan,
                "echo out; exec >/dev/null; read line <\"$0\"",
                fifo("gate").toString());
        try (InputStream in = Files.newInputStream(pipe);
                SpawnedProcess process = runner.start(starter, plan)) {
            FileCalls.close(holder);
            // the end of the output is seen while the command and its companion still run
            assertThat(in.readAllBytes()).isEqualTo(bytes("out\n"));
            Files.writeString(directory.resolve("gate"), "go\n");
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, 0));
        }
    }

    @Test
    void endsWithARunnerThatIsKilled() throws Exception {
        Path never = fifo("never");
        PlanBuilder plan = new PlanBuilder().beside();
        plan.openat(AT_FDCWD, bytes(never), READ, 0);
        script(plan, "until cat /proc/$PPID/task/$PPID/children | grep ' [0-9]'; do :; done; echo ready; sleep 60");
        try (SpawnedProcess process = runner.start(plan)) {
            String[] children = runner.awaitLine("ready").strip().split(" ", -1);
            ProcessCalls.kill(process.pid(), ProcessCalls.SIGKILL);
            process.waitFor();
            while (isAlive(children[1])) {
                Thread.sleep(5);
            }
            ProcessCalls.kill(Integer.parseInt(children[0]), ProcessCalls.SIGKILL);
        }
    }

    /** Whether the process runs; one that nobody has reaped yet does not. */
    private static boolean isAlive(String pid) throws Exception {
        Path stat = Path.of("/proc", pid, "stat");
        return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }

    private Path fifo(String name) throws Exception {
        Path path = directory.resolve(name);
        NativeTools.assumeTool("mkfifo");
        assertThat(NativeTools.run("mkfifo", path.toString()).status()).isZero();
        return path;
    }
}

package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.AT_FDCWD;
import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a spawned plan does, by both ways of making a process. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpawnTest {
    @TempDir
    Path directory;

    private static PlanBuilder plan(boolean forceClone) {
        return forceClone ? new PlanBuilder().forceClone() : new PlanBuilder();
    }

    private static void shell(PlanBuilder plan, String script, String... arguments) {
        plan.restoreMask();
        plan.unblockSignals(1L << (ProcessCalls.SIGQUIT - 1));
        List<byte[]> argv = Stream.concat(Stream.of("sh", "-c", script), Stream.of(arguments))
                .map(Texts::bytes)
                .toList();
        plan.execve(bytes("/bin/sh"), argv, list("PATH=/usr/bin:/bin"));
    }

    private static SpawnStatus run(PlanBuilder plan) throws Exception {
        try (SpawnedProcess process = ProcessCalls.spawn(plan.build())) {
            assertThat(process.pidfd()).isNotNegative();
            return process.waitFor();
        }
    }

    private static PlanFailure failure(PlanBuilder plan) {
        Plan built = plan.build();
        PlanFailure failure = catchThrowableOfType(PlanFailure.class, () -> ProcessCalls.spawn(built));
        assertThat(failure).isNotNull();
        return failure;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theStatusIsTheCommands(boolean forceClone) throws Exception {
        PlanBuilder exits = plan(forceClone);
        shell(exits, "exit 7");
        assertThat(run(exits)).isEqualTo(new SpawnStatus(7, 0));
        PlanBuilder dies = plan(forceClone);
        shell(dies, "kill -TERM $$");
        assertThat(run(dies)).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGTERM));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theCommandHasNeitherTheJvmsHandlersNorItsMask(boolean forceClone) throws Exception {
        Path out = directory.resolve("status");
        PlanBuilder plan = plan(forceClone).ignoreSignals(1L << (ProcessCalls.SIGPIPE - 1));
        shell(plan, "cat /proc/self/status > \"$0\"", out.toString());
        assertThat(run(plan)).isEqualTo(new SpawnStatus(0, 0));
        String command = Files.readString(out);
        String jvm = Files.readString(Path.of("/proc/self/status"));
        assertThat(Texts.signals(command, "SigBlk")).isZero();
        assertThat(Texts.signals(command, "SigCgt")).isZero();
        assertThat(Texts.signals(jvm, "SigCgt")).isNotZero();
        assertThat(Texts.signals(command, "SigIgn"))
                .isEqualTo(Texts.signals(jvm, "SigIgn") | 1L << (ProcessCalls.SIGPIPE - 1));
    }

    @Test
    void allSignalsAreBlockedUntilThePlanRestoresTheMask() throws Exception {
        Path out = directory.resolve("status");
        PlanBuilder plan = new PlanBuilder();
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_CLOEXEC;
        plan.dup3(plan.openat(AT_FDCWD, bytes(out), flags, 0600).result(), 1, 0);
        plan.execSearch(bytes("cat"), list("cat", "/proc/self/status"), list(), (byte[]) null); // shells clear the mask
        assertThat(run(plan)).isEqualTo(new SpawnStatus(0, 0));
        long unblockable = 1L << (ProcessCalls.SIGKILL - 1) | 1L << (ProcessCalls.SIGSTOP - 1);
        assertThat(Texts.signals(Files.readString(out), "SigBlk")).isEqualTo(~unblockable);
        String thread = Files.readString(Path.of("/proc/thread-self/status"));
        assertThat(Texts.signals(thread, "SigBlk")).isNotEqualTo(~unblockable);
    }

    @Test
    void resultsOfEntriesAreArgumentsOfOthers() throws Exception {
        Path out = directory.resolve("out");
        PlanBuilder plan = new PlanBuilder();
        PlanEntry file = plan.openat(AT_FDCWD, bytes(out), FileCalls.O_WRONLY | FileCalls.O_CREAT, 0600);
        plan.dup3(file.result(), 1, 0);
        shell(plan, "echo \"$0\"", "told");
        assertThat(run(plan)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(Files.readString(out)).isEqualTo("told\n");
    }

    @Test
    void ignoredErrorsDoNotEndThePlan() throws Exception {
        PlanBuilder plan = new PlanBuilder();
        PlanEntry missing = plan.chdir(bytes("/no/such/place")).ignoringErrors();
        plan.call(Syscall.EXIT_GROUP, PlanArgument.of(9)).onlyIf(missing);
        shell(plan, "exit 3");
        assertThat(run(plan)).isEqualTo(new SpawnStatus(3, 0));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                failure(Syscall.CHDIR, Errno.ENOENT, "/no/such", p -> p.chdir(bytes("/no/such"))),
                failure(
                        Syscall.OPENAT,
                        Errno.ENOTDIR,
                        "/etc/passwd/x",
                        p -> p.openat(AT_FDCWD, bytes("/etc/passwd/x"), 0, 0)),
                failure(Syscall.MKDIRAT, Errno.EEXIST, "/", p -> p.mkdirat(AT_FDCWD, bytes("/"), 0755)),
                failure(Syscall.CLOSE, Errno.EBADF, "", p -> p.close(PlanArgument.of(98765))),
                failure(Syscall.PRCTL, Errno.EINVAL, "", p -> p.prctl(98765, 0, 0, 0, 0)),
                failure(
                        Syscall.WRITE,
                        Errno.EFAULT,
                        "pipe",
                        p -> p.call(Syscall.WRITE, PlanArgument.of(1), PlanArgument.of(16), PlanArgument.of(1))
                                .path(bytes("pipe"))),
                failure(
                        Syscall.EXECVE,
                        Errno.EACCES,
                        "/etc/passwd",
                        p -> p.execve(bytes("/etc/passwd"), list("x"), list())));
    }

    private static Arguments failure(Syscall call, Errno errno, String path, Consumer<PlanBuilder> add) {
        return Arguments.of(call, errno, path, add);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureNamesItsEntryCallErrnoAndPath(Syscall call, Errno errno, String path, Consumer<PlanBuilder> add) {
        for (int position = 0; position < 3; position++) {
            for (boolean forceClone : new boolean[] {false, true}) {
                PlanBuilder plan = plan(forceClone);
                for (int i = 0; i < position; i++) {
                    plan.umask(022);
                }
                plan.what("cannot do it");
                add.accept(plan);
                plan.what(null).call(Syscall.EXIT_GROUP, PlanArgument.of(0));
                PlanFailure failure = failure(plan);
                assertThat(failure.entry()).isEqualTo(position);
                assertThat(failure.call()).isEqualTo(call);
                assertThat(failure.errno()).isEqualTo(errno);
                assertThat(failure.path()).isEqualTo(path);
                assertThat(failure.what()).isEqualTo("cannot do it");
                assertThat(failure).hasMessageStartingWith("cannot do it: ").hasMessageEndingWith(errno.text());
            }
        }
    }

    @Test
    void aSearchPrefersWhatItMayNotExecuteToWhatItDoesNotFind() throws Exception {
        Path denied = Files.createDirectory(directory.resolve("denied"));
        Files.writeString(denied.resolve("tool"), "x");
        PlanBuilder plan = new PlanBuilder();
        plan.execSearch(bytes("tool"), list("tool"), list(), bytes("/nowhere:" + denied + ":/etc/passwd:/bin"));
        assertThat(failure(plan).errno()).isEqualTo(Errno.EACCES);
        PlanBuilder missing = new PlanBuilder();
        missing.execSearch(bytes("tool"), list("tool"), list(), bytes("/nowhere:/etc/passwd"));
        assertThat(failure(missing).errno()).isEqualTo(Errno.ENOENT);
    }

    @Test
    void aScriptWithoutAnInterpreterIsGivenToTheShell() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "exit $1\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        PlanBuilder plan = new PlanBuilder();
        plan.execSearch(bytes("script"), list("script", "23"), list(), bytes("/nowhere:" + directory));
        assertThat(run(plan)).isEqualTo(new SpawnStatus(23, 0));
    }

    @Test
    void aPlanCanEndWithoutACommand() throws Exception {
        PlanBuilder plan = new PlanBuilder();
        plan.mkdirat(AT_FDCWD, bytes(directory.resolve("made")), 0755);
        assertThat(run(plan)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(directory.resolve("made")).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMountInNamespacesOfItsOwnIsSeenByTheCommandAlone(boolean forceClone) throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("file"), "inside");
        Path target = Files.createDirectory(directory.resolve("target"));
        PlanBuilder plan = plan(forceClone).namespaces(PlanBuilder.CLONE_NEWUSER | PlanBuilder.CLONE_NEWNS);
        int uid = (int) Door.raw(Syscall.GETUID, 0, 0, 0, 0, 0, 0);
        plan.writeFile(bytes("/proc/self/setgroups"), bytes("deny"));
        plan.writeFile(bytes("/proc/self/uid_map"), bytes("1000 " + uid + " 1"));
        plan.mount(bytes(source), bytes(target), null, MountCalls.MS_BIND, null);
        shell(plan, "test $(id -u) = 1000 && test $(cat \"$0\"/file) = inside", target.toString());
        try (SpawnedProcess process = ProcessCalls.spawn(plan.build())) {
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, 0));
        } catch (PlanFailure e) {
            assumeTrue(e.entry() >= 0 && e.errno() != Errno.EPERM, "user namespaces are not permitted here: " + e);
            throw e;
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aChildThatChangesItsIdsDoesNotChangeWhatTheJvmMay() throws Exception {
        assumeTrue(Door.raw(Syscall.GETEUID, 0, 0, 0, 0, 0, 0) == 0, "needs root to become another");
        long before = ProcessCalls.prctl(ProcessCalls.PR_GET_DUMPABLE, 0, 0, 0, 0);
        PlanBuilder plan = new PlanBuilder();
        plan.setresuid(65534, 65534, 65534);
        shell(plan, "test $(id -u) = 65534");
        assertThat(run(plan)).isEqualTo(new SpawnStatus(0, 0));
        assertThat(ProcessCalls.prctl(ProcessCalls.PR_GET_DUMPABLE, 0, 0, 0, 0)).isEqualTo(before);
    }

    @Test
    void aSpawnedProcessTakesSignalsUntilItIsAwaitedOrClosed() throws Exception {
        PlanBuilder plan = new PlanBuilder();
        shell(plan, "sleep 100");
        SpawnedProcess process = ProcessCalls.spawn(plan.build());
        process.signal(ProcessCalls.SIGKILL);
        assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, ProcessCalls.SIGKILL));
        assertThat(process.waitFor().shellStatus()).isEqualTo(137);
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> process.signal(0))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        process.close();
        assertThat(process.pidfd()).isNegative();
    }

    @Test
    void aPlanForTheRunnerIsNotSpawned() {
        PlanBuilder plan = new PlanBuilder();
        plan.setup().umask(0);
        Plan built = plan.build();
        assertThatIllegalArgumentException().isThrownBy(() -> ProcessCalls.spawn(built));
    }
}

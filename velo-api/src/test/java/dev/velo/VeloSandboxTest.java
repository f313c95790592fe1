package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.velo.VeloSandboxOptions.Access;
import dev.velo.VeloSandboxOptions.Environment;
import dev.velo.VeloSandboxOptions.Limits;
import dev.velo.core.testing.HostileTree;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Sandboxes from a program, as whoever runs the tests. What a sandbox is like inside is another test's. */
@Isolated("it looks at all children of this process")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class VeloSandboxTest {
    /** Made ahead for the next sandboxes; or a selector of the test's own. */
    private static final int SPARE_DESCRIPTORS = 16;

    private static final int THREADS = 8;
    private static final long HEAP_BYTES = 32 << 20;

    private static final VeloSandboxOptions CLEAN =
            VeloSandboxOptions.DEFAULT.withEnvironment(new Environment.Exactly(Map.of("PATH", "/bin:/usr/bin")));

    @TempDir
    private Path folder;

    private BusyboxView base;

    @BeforeEach
    void open() throws Exception {
        Privileges.assumeNamespaces();
        base = BusyboxView.open(folder);
    }

    @AfterEach
    void close() {
        base.close();
    }

    private VeloSandboxProcess shell(VeloSandboxOptions options, String script) throws IOException {
        return base.view().sandbox().options(options).start("sh", "-c", script);
    }

    private VeloSandboxProcess shell(String script) throws IOException {
        return shell(CLEAN, script);
    }

    private static String output(Process process) throws IOException {
        return text(process.getInputStream());
    }

    private static String text(InputStream stream) throws IOException {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What of a sandbox that has ended is left to be closed is so a little later. */
    private static void awaitIdle() throws InterruptedException {
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("velo-wait-"))) {
            Thread.sleep(1);
        }
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    @Test
    void theCommandIsAloneInTheView() throws Exception {
        Process process = shell("id -u; hostname; pwd; echo $PWD; ls -A /; ps -o pid= | wc -l; ls /proc/self/fd");

        assertThat(output(process).lines())
                .startsWith("0", "velo", "/", "/", "bin", "dev", "etc")
                // itself, its parent, ps and wc; then the three streams, and that of ls
                .endsWith("4", "0", "1", "2", "3");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void theStatusIsTheCommands() throws Exception {
        Process failing = shell("exit 7");
        Process killed = shell("kill -9 $$");

        assertThat(failing.waitFor()).isEqualTo(7);
        assertThat(failing.exitValue()).isEqualTo(7);
        assertThat(failing.isAlive()).isFalse();
        assertThat(killed.waitFor()).isEqualTo(128 + 9);
        assertThat(killed.onExit().get()).isSameAs(killed);
        for (int status : new int[] {124, 125, 126, 127}) {
            assertThat(shell("exit " + status).waitFor()).isEqualTo(status);
        }
    }

    @Test
    void streamsArePipesUnlessSaidOtherwise() throws Exception {
        Process process = shell("read line; echo \"out $line\"; echo \"err $line\" >&2");

        process.outputWriter().write("said\n");
        process.outputWriter().close();

        assertThat(output(process)).isEqualTo("out said\n");
        assertThat(text(process.getErrorStream())).isEqualTo("err said\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void streamsGoToFilesComeFromThemAndAreMerged() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from a file\n");
        Path out = Files.writeString(folder.resolve("out"), "longer than what is written to it\n");
        Path log = Files.writeString(folder.resolve("log"), "old\n");

        Process files = base.view()
                .sandbox()
                .redirectInput(Redirect.from(in.toFile()))
                .redirectOutput(Redirect.to(out.toFile()))
                .redirectError(Redirect.appendTo(log.toFile()))
                .start("/bin/sh", "-c", "cat; echo problem >&2");
        Process merged = base.view()
                .sandbox()
                .redirectErrorStream()
                .start("/bin/sh", "-c", "echo one; echo two >&2; echo three");
        Process discarded = base.view()
                .sandbox()
                .inheritIO()
                .redirectOutput(Redirect.DISCARD)
                .start("/bin/echo", "lost");

        assertThat(files.waitFor()).isZero();
        assertThat(out).hasContent("from a file");
        assertThat(log).hasContent("old\nproblem");
        assertThat(output(merged)).isEqualTo("one\ntwo\nthree\n");
        assertThat(merged.waitFor()).isZero();
        assertThat(discarded.waitFor()).isZero();
    }

    @Test
    void whatWasPrintedIsThereAfterTheEnd() throws Exception {
        Process process = shell("echo out; echo err >&2");
        process.waitFor();
        awaitIdle();

        assertThat(output(process)).isEqualTo("out\n");
        assertThat(text(process.getErrorStream())).isEqualTo("err\n");
    }

    @Test
    void theDescriptorOfAProcessIsReadableWhenItHasEnded() throws Exception {
        VeloSandboxProcess process = shell("read line");
        int pidfd = process.pidfd().orElseThrow();

        assertThat(PollCalls.isReadable(pidfd, 50)).isFalse();
        process.getOutputStream().close();
        assertThat(PollCalls.isReadable(pidfd, 10_000)).isTrue();
        process.waitFor();
        awaitIdle();

        assertThat(process.pidfd()).hasValue(pidfd);
        assertThat(PollCalls.isReadable(pidfd, 0)).isTrue();
        VeloSandboxProcess ended = shell("true");
        ended.waitFor();
        awaitIdle();
        assertThat(ended.pidfd()).isEmpty();
    }

    @Test
    void theEndTellsWhatWasUsed() throws Exception {
        VeloSandboxProcess process = shell("i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done; read line");
        assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(process::usage);
        process.getOutputStream().close();
        process.waitFor();

        VeloSandboxProcess.Usage usage = process.usage();

        assertThat(usage.user()).isPositive();
        assertThat(usage.user().plus(usage.system())).isLessThan(Duration.ofMinutes(1));
        // a busybox, and not the JVM that it was spawned from
        assertThat(usage.maxResident().orElseThrow()).isBetween(1L << 16, 1L << 25);
    }

    @Test
    void limitsAreHeldAndTold() throws Exception {
        Limits limits = Limits.NONE.withMemory(64 << 20).withProcesses(64);
        String most = "head -c 200m /dev/zero | tail -c 190m | wc -c";

        VeloSandboxProcess free = shell(most);
        VeloSandboxProcess limited = shell(CLEAN.withLimits(limits), most);

        assertThat(output(free)).isEqualTo((190 << 20) + "\n");
        assertThat(output(limited)).isNotEqualTo((190 << 20) + "\n");
        limited.waitFor();
        assertThat(limited.limits()).hasSize(2).anyMatch(text -> text.contains("memory"));
        assertThat(free.limits()).isEmpty();
        assertThat(limited.usage().user()).isLessThan(Duration.ofMinutes(1));
        assertThat(shell(CLEAN.withLimits(limits), "exit 3").waitFor()).isEqualTo(3);
    }

    @Test
    void aSandboxUnderLimitsIsEndedAsAnyOther() throws Exception {
        VeloSandboxOptions options = CLEAN.withLimits(Limits.NONE.withMemory(64 << 20));
        Process forced = shell(options, "echo ready; sleep 60");
        assertThat(forced.inputReader().readLine()).isEqualTo("ready");
        assertThat(forced.destroyForcibly().waitFor()).isEqualTo(128 + 9);

        Process asked = shell(options, "trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        assertThat(asked.inputReader().readLine()).isEqualTo("ready");
        asked.destroy();
        assertThat(asked.waitFor()).isEqualTo(3);
    }

    @Test
    void allOfItEndsWhenItsTimeIsOver() throws Exception {
        VeloSandboxOptions options = CLEAN.withLimits(Limits.NONE.withTime(Duration.ofMillis(200)));

        VeloSandboxProcess process = shell(options, "sleep 60 & sleep 60");

        assertThat(process.waitFor()).isEqualTo(124);
        assertThat(process.usage().maxResident()).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Limits.NONE.withTime(Duration.ofNanos(1)));
    }

    @Test
    void itEndsWhenItIsTold() throws Exception {
        Process polite = shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        assertThat(polite.inputReader().readLine()).isEqualTo("ready");
        polite.destroy();
        assertThat(polite.inputReader().readLine()).isEqualTo("bye");
        assertThat(polite.waitFor()).isEqualTo(3);

        Process stubborn = shell("trap '' TERM; sleep 60 & echo ready; while :; do sleep 0.01; done");
        assertThat(stubborn.inputReader().readLine()).isEqualTo("ready");
        stubborn.destroy();
        assertThat(stubborn.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(stubborn.destroyForcibly().waitFor()).isEqualTo(128 + 9);
        stubborn.destroy();
    }

    @Test
    void theEnvironmentIsThisOnesOrGiven() throws Exception {
        Environment given = new Environment.Exactly(Map.of("PATH", "/bin", "ODD", "\uDC80"));

        Process inherited = shell(VeloSandboxOptions.DEFAULT, "echo $PATH");
        Process exact = shell(CLEAN.withEnvironment(given).withDirectory(Path.of("/tmp")), "env | sort | od -c");

        assertThat(output(inherited)).isEqualTo(System.getenv("PATH") + "\n");
        assertThat(output(exact)).contains("200").contains("P   W   D   =   /   t   m   p");
    }

    @Test
    void userHostAndWorkingDirectoryAreChosen() throws Exception {
        VeloSandboxOptions options =
                CLEAN.withUser(1000, 100).withHostname("builder").withDirectory(Path.of("/usr/bin"));

        assertThat(output(shell(options, "id -u; id -g; hostname; pwd"))).isEqualTo("1000\n100\nbuilder\n/usr/bin\n");
        assertThatIOException()
                .isThrownBy(() -> shell(CLEAN.withDirectory(Path.of("/nowhere")), "true"))
                .withMessageContaining("working directory")
                .withMessageContaining("/nowhere");
    }

    @Test
    void whatIsBoundIsSeenAndWrittenIfItMayBe() throws Exception {
        Path in = Files.createDirectory(folder.resolve("in"));
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.writeString(in.resolve("file"), "bound\n");
        if (HostileTree.isRoot()) {
            // what root's sandboxes write belongs to users of their own
            out.toFile().setWritable(true, false);
        }
        VeloSandboxOptions options = CLEAN.withBind(in, Path.of("/in"), Access.READ_ONLY)
                .withBind(out, Path.of("/deep/out"), Access.READ_WRITE);

        Process process = shell(options, "cat /in/file; echo x >/in/new || echo refused; echo made >/deep/out/file");

        assertThat(output(process)).isEqualTo("bound\nrefused\n");
        assertThat(process.waitFor()).isZero();
        assertThat(out.resolve("file")).hasContent("made");
        assertThatIOException()
                .isThrownBy(
                        () -> shell(CLEAN.withBind(folder.resolve("none"), Path.of("/x"), Access.READ_ONLY), "true"))
                .withMessageContaining("none");
    }

    @Test
    void furtherTreesAreShown() throws Exception {
        Path folderOfTree = Files.createDirectory(folder.resolve("other"));
        try (SmallTree small = SmallTree.open(folderOfTree)) {
            VeloSandboxOptions options = CLEAN.withTree(small.view(), Path.of("/app"), Access.READ_ONLY)
                    .withTree(small.view(), Path.of("/var/work"), Access.READ_WRITE);

            Process process = shell(
                    options,
                    "cat /app/greeting; echo x >/app/greeting || echo refused; echo new >/var/work/greeting;"
                            + " cat /var/work/greeting /app/greeting");

            assertThat(output(process)).isEqualTo("hello\nrefused\nnew\nhello\n");
            assertThat(small.view().readAllBytes("greeting")).asString().isEqualTo("hello\n");
        }
    }

    @Test
    void aRootMayBeMadeOfLayers() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("layer/etc"));
        Files.writeString(tree.resolve("hosts"), "upper\n");
        VeloTree upper = base.store()
                .ingest(folder.resolve("layer"), VeloIngestOptions.DEFAULT)
                .tree();
        VeloTree lower = base.store().manifests().stream()
                .filter(each -> each.digest().equals(base.view().digest()))
                .findFirst()
                .orElseThrow();

        try (VeloView layers = base.store().view(upper, lower)) {
            assertThat(output(layers.sandbox().options(CLEAN).start("cat", "/etc/hosts", "/etc/group")))
                    .startsWith("upper\nroot:");
        }
    }

    @Test
    void writesAreDiscardedOrKept() throws Exception {
        String script = "echo \"$RANDOM\" >/etc/new; cat /etc/old 2>/dev/null; echo kept >/etc/old";
        VeloSandboxOptions kept = CLEAN.withWrites(new VeloWrites.Kept(folder.resolve("upper")));

        assertThat(shell(script).waitFor()).isZero();
        assertThat(output(shell(script))).isEmpty();
        assertThat(shell(kept, script).waitFor()).isZero();
        // free at once: the end of a sandbox is the end of its writes
        assertThat(output(shell(kept, script))).isEqualTo("kept\n");
        assertThat(folder.resolve("upper/upper/etc/old")).hasContent("kept");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> CLEAN.withWrites(new VeloWrites.Refused()));
        assertThat(base.store().verify().problems()).isEmpty();
    }

    @Test
    void anUpperInUseIsRefusedAtTheStart() throws Exception {
        VeloSandboxOptions kept = CLEAN.withWrites(new VeloWrites.Kept(folder.resolve("upper")));
        Process first = shell(kept, "sleep 60");

        assertThatIOException().isThrownBy(() -> shell(kept, "true")).withMessageContaining("another run writes to");

        first.destroyForcibly().waitFor();
        for (int i = 0; i < 10; i++) {
            assertThat(shell(kept, "true").waitFor()).isZero();
        }
    }

    @Test
    void whatCannotRunIsAnExceptionAndLeavesNothing() throws Exception {
        shell("true").waitFor();
        awaitIdle();
        List<String> mounts = mounts();
        int before = descriptors();

        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(NoSuchFileException.class)
                    .isThrownBy(() -> base.view().sandbox().start("no-such-program"))
                    .withMessageContaining("no-such-program")
                    .withMessageContaining("No such file or directory");
            assertThatIOException()
                    .isThrownBy(() -> shell(CLEAN.withBind(folder, Path.of("/etc/hosts/x"), Access.READ_ONLY), "true"))
                    .withMessageContaining("/etc/hosts/x");
        }
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> base.view().sandbox().start("/etc/hosts"))
                .withMessageContaining("/etc/hosts")
                .withMessageContaining("Permission denied");

        assertThat(mounts()).isEqualTo(mounts);
        assertThat(descriptors()).isLessThanOrEqualTo(before + SPARE_DESCRIPTORS);
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> base.view().sandbox().start());
        base.view().close();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> base.view().sandbox());
    }

    /** How many sandboxes are started by threads at once: {@code -Dvelo.sandboxes=1000}. */
    private static int many() {
        return Integer.getInteger("velo.sandboxes", 200);
    }

    @Test
    void manyAtOnceAllSucceedAndLeaveNothingBehind() throws Exception {
        shell("true").waitFor();
        awaitIdle();
        List<String> mounts = mounts();
        List<String> rooms = rooms();
        int before = descriptors();
        long heap = heap();

        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Integer>> starts = IntStream.range(0, many())
                    .<Callable<Integer>>mapToObj(i -> () -> i % 10 == 0
                            ? status("echo " + i + "; exit " + i % 7, i + "\n") - i % 7
                            : base.view().sandbox().start("/bin/true").waitFor())
                    .toList();
            for (Future<Integer> status : threads.invokeAll(starts)) {
                assertThat(status.get()).isZero();
            }
        }
        awaitIdle();

        assertThat(mounts()).isEqualTo(mounts);
        assertThat(rooms()).isEqualTo(rooms);
        assertThat(descriptors()).isLessThanOrEqualTo(before + SPARE_DESCRIPTORS);
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThat(heap()).isLessThan(heap + HEAP_BYTES);
    }

    private int status(String script, String expected) throws Exception {
        Process process = shell(script);
        assertThat(output(process)).isEqualTo(expected);
        return process.waitFor();
    }

    /** Those of this test, since others mount meanwhile; and what nobody but a sandbox mounts. */
    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(mount -> mount.contains(folder.toString()) || mount.contains("lowerdir=lower,"))
                .toList();
    }

    private List<String> rooms() throws IOException {
        try (Stream<Path> rooms = Files.walk(base.store().path(), 2)) {
            return rooms.map(Path::toString).sorted().collect(Collectors.toList());
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}

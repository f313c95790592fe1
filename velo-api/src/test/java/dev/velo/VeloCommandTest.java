package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Commands with a view shown to them, as whoever runs the tests. */
@Isolated("it looks at all children of this process")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class VeloCommandTest {
    @TempDir
    private Path folder;

    private SmallTree small;

    @BeforeEach
    void open() throws Exception {
        Privileges.assumeNamespaces();
        small = SmallTree.open(folder);
        // what the commands see is the view, not the tree
        Files.writeString(small.tree().resolve("greeting"), "changed since\n");
    }

    @AfterEach
    void close() {
        small.close();
    }

    private VeloCommand command(String... words) {
        return small.view().command(words);
    }

    private VeloCommand shell(String script) {
        return command("sh", "-c", script);
    }

    private static String output(Process process) throws IOException {
        try (InputStream in = process.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String errors(Process process) throws IOException {
        try (InputStream in = process.getErrorStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The pipes of processes that have ended are closed a little later. */
    private static void awaitClosedPipes() throws InterruptedException {
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
    void theCommandStandsInTheTreeAndSeesIt() throws Exception {
        Process process =
                shell("cat greeting link sub/deep; ./tool a b; pwd; echo $PWD").start();

        assertThat(output(process))
                .isEqualTo("hello\nhello\ndeep\ntool a b\n" + small.tree() + "\n" + small.tree() + "\n");
        assertThat(process.waitFor()).isZero();
        assertThat(small.tree().resolve("greeting")).hasContent("changed since");
    }

    @Test
    void theStatusIsTheCommands() throws Exception {
        Process failing = shell("exit 7").start();
        Process killed = shell("kill -9 $$").start();

        assertThat(failing.waitFor()).isEqualTo(7);
        assertThat(failing.exitValue()).isEqualTo(7);
        assertThat(failing.isAlive()).isFalse();
        assertThat(killed.waitFor()).isEqualTo(128 + 9);
        for (int status : new int[] {125, 126, 127}) {
            assertThat(shell("exit " + status).start().waitFor()).isEqualTo(status);
        }
    }

    @Test
    void streamsArePipesUnlessSaidOtherwise() throws Exception {
        Process process =
                shell("read line; echo \"out $line\"; echo \"err $line\" >&2").start();

        process.outputWriter().write("said\n");
        process.outputWriter().close();

        assertThat(output(process)).isEqualTo("out said\n");
        assertThat(errors(process)).isEqualTo("err said\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whatWasPrintedIsThereAfterTheEnd() throws Exception {
        Process process = shell("echo out; echo err >&2").start();
        process.waitFor();
        awaitClosedPipes();

        assertThat(output(process)).isEqualTo("out\n");
        assertThat(errors(process)).isEqualTo("err\n");
        process.getOutputStream().write(1);
        process.getOutputStream().close();
    }

    @Test
    void streamsGoToFilesAndComeFromThem() throws Exception {
        Path in = Files.writeString(folder.resolve("in"), "from a file\n");
        Path out = Files.writeString(folder.resolve("out"), "longer than what is written to it\n");
        Path log = Files.writeString(folder.resolve("log"), "old\n");

        Process process = shell("cat; echo problem >&2")
                .redirectInput(Redirect.from(in.toFile()))
                .redirectOutput(Redirect.to(out.toFile()))
                .redirectError(Redirect.appendTo(log.toFile()))
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(out).hasContent("from a file");
        assertThat(log).hasContent("old\nproblem");
        assertThat(output(process)).isEmpty();
        assertThat(errors(process)).isEmpty();
    }

    @Test
    void streamsAreMergedDiscardedAndInherited() throws Exception {
        Process merged = shell("echo one; echo two >&2; echo three")
                .redirectErrorStream()
                .start();
        Process discarded =
                shell("echo one").redirectOutput(Redirect.DISCARD).inheritIO().start();

        assertThat(output(merged)).isEqualTo("one\ntwo\nthree\n");
        assertThat(errors(merged)).isEmpty();
        assertThat(merged.waitFor()).isZero();
        assertThat(discarded.waitFor()).isZero();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> command("true").redirectOutput(Redirect.from(new File("/dev/null"))));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> command("true").redirectInput(Redirect.to(new File("/dev/null"))));
    }

    @Test
    void theEndOfTheCommandIsTheEndOfItsOutput() throws Exception {
        Process process = shell("exec >&- 2>&-; sleep 60").start();
        try {
            assertThat(output(process)).isEmpty();
            assertThat(errors(process)).isEmpty();
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void theCommandInheritsNoOtherDescriptor() throws Exception {
        Process process = shell("ls /proc/self/fd").start();

        // 3 is that of ls itself
        assertThat(output(process)).isEqualTo("0\n1\n2\n3\n");
    }

    @Test
    void theEnvironmentIsThisOnesUnlessChanged() throws Exception {
        VeloCommand command = shell("echo \"$MINE $PATH\"; test -z \"$GONE\"");
        assertThat(command.environment()).containsEntry("PATH", System.getenv("PATH"));

        command.environment().put("MINE", "my\nown");
        command.environment().put("GONE", "x");
        command.environment().remove("GONE");
        Process process = command.start();

        assertThat(output(process)).isEqualTo("my\nown " + System.getenv("PATH") + "\n");
        assertThat(process.waitFor()).isZero();
        command.environment().put("no=name", "x");
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(command::start);
    }

    @Test
    void argumentsAndVariablesMayBeAnyBytes() throws Exception {
        VeloCommand command = command("sh", "-c", "printf %s \"$1$ODD\"", "sh", "ü\uDCFF");
        command.environment().put("ODD", "\uDC80");

        try (InputStream in = command.start().getInputStream()) {
            assertThat(in.readAllBytes()).containsExactly(0xc3, 0xbc, 0xff, 0x80);
        }
    }

    @Test
    void theCommandStartsWhereItIsTold() throws Exception {
        Process inside = command("pwd").directory(small.tree().resolve("sub")).start();
        Process outside = command("pwd").directory(Path.of("/")).start();

        assertThat(output(inside)).isEqualTo(small.tree() + "/sub\n");
        assertThat(output(outside)).isEqualTo("/\n");
    }

    @Test
    void theTreeAppearsWhereItIsTold() throws Exception {
        Path place = folder.resolve("made/for/it");
        Process process = shell("cat greeting; pwd; cat " + small.tree() + "/greeting")
                .at(place)
                .start();

        assertThat(output(process)).isEqualTo("hello\n" + place + "\nchanged since\n");
        assertThat(process.waitFor()).isZero();
        assertThat(folder.resolve("made")).doesNotExist();
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> command("true").at(Path.of("/")).start());
    }

    @Test
    void aTreeOfUnknownOriginNeedsAPlace() throws Exception {
        VeloTree nowhere = new VeloTree(
                small.ingested().digest(),
                small.ingested().manifest(),
                java.util.Optional.empty(),
                VeloTree.Trust.UNTRUSTED);
        try (VeloView view = small.store().view(nowhere)) {
            assertThatIOException()
                    .isThrownBy(() -> view.command("true").start())
                    .withMessageContaining("at(Path)");
            assertThat(view.command("true").at(small.directory("place")).start().waitFor())
                    .isZero();
        }
    }

    @Test
    void writesAreRefusedDiscardedOrKept() throws Exception {
        String script = "echo written >greeting && cat greeting";
        Path upper = folder.resolve("upper");

        Process refused = shell(script).start();
        Process discarded = shell(script).writes(new VeloWrites.Discarded()).start();
        Process kept = shell(script).writes(new VeloWrites.Kept(upper)).start();

        assertThat(errors(refused)).contains("Read-only file system");
        assertThat(refused.waitFor()).isNotZero();
        assertThat(output(discarded)).isEqualTo("written\n");
        assertThat(output(kept)).isEqualTo("written\n");
        kept.waitFor();
        assertThat(output(
                        shell("cat greeting").writes(new VeloWrites.Kept(upper)).start()))
                .isEqualTo("written\n");
        assertThat(output(shell("cat greeting").start())).isEqualTo("hello\n");
        assertThat(small.store().verify().problems()).isEmpty();
    }

    @Test
    void anUpperInUseIsRefusedAtTheStart() throws Exception {
        VeloWrites.Kept upper = new VeloWrites.Kept(folder.resolve("upper"));
        Process first = command("sleep", "60").writes(upper).start();
        try {
            assertThatIOException()
                    .isThrownBy(() -> command("true").writes(upper).start())
                    .withMessageContaining("another run writes to");
        } finally {
            first.destroyForcibly().waitFor();
        }
        assertThat(command("true").writes(upper).start().waitFor()).isZero();
    }

    @Test
    void aCommandThatCannotRunIsAnExceptionAndLeavesNothing() throws Exception {
        command("true").start().waitFor();
        Path place = folder.resolve("made/for/it");
        int before = descriptors();

        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(NoSuchFileException.class)
                    .isThrownBy(() -> command("no-such-program").at(place).start())
                    .withMessageContaining("no-such-program")
                    .withMessageContaining("No such file or directory");
        }
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> command("./greeting").start())
                .withMessageContaining("./greeting")
                .withMessageContaining("Permission denied");
        assertThatIOException()
                .isThrownBy(() ->
                        command("true").directory(folder.resolve("nowhere")).start())
                .withMessageContaining("working directory")
                .withMessageContaining("nowhere");
        assertThatIOException()
                .isThrownBy(() -> command("true")
                        .redirectInput(Redirect.from(folder.resolve("nothing").toFile()))
                        .start())
                .withMessageContaining("nothing");
        assertThatIOException()
                .isThrownBy(() ->
                        command("true").at(small.tree().resolve("greeting/x")).start())
                .withMessageContaining("greeting");

        assertThat(folder.resolve("made")).doesNotExist();
        assertThat(descriptors()).isLessThanOrEqualTo(before);
        assertThat(ProcessHandle.current().children()).isEmpty();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> command());
    }

    @Test
    void manyCommandsLeaveNoDescriptorsBehind() throws Exception {
        command("true").start().waitFor();
        int before = descriptors();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            processes.add(shell("echo out; echo err >&2").start());
        }
        for (Process process : processes) {
            process.waitFor();
        }
        awaitClosedPipes();

        assertThat(descriptors()).isLessThanOrEqualTo(before);
        assertThat(output(processes.getFirst())).isEqualTo("out\n");
    }

    @Test
    void aCommandEndsWhenItIsTold() throws Exception {
        Process polite = shell("trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done")
                .start();
        assertThat(polite.inputReader().readLine()).isEqualTo("ready");
        polite.destroy();
        assertThat(polite.inputReader().readLine()).isEqualTo("bye");
        assertThat(polite.waitFor()).isEqualTo(3);

        Process stubborn =
                shell("trap '' TERM; echo ready; while :; do sleep 0.01; done").start();
        assertThat(stubborn.inputReader().readLine()).isEqualTo("ready");
        stubborn.destroy();
        assertThat(stubborn.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(stubborn.isAlive()).isTrue();
        assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(stubborn::exitValue);
        stubborn.destroyForcibly();
        assertThat(stubborn.waitFor()).isEqualTo(128 + 9);
        stubborn.destroy();
        stubborn.destroyForcibly();
    }

    @Test
    void aProcessIsWhatProcessesAre() throws Exception {
        Process process = shell("read line; exit 4").start();

        assertThat(process.pid()).isPositive();
        assertThat(process.toHandle().pid()).isEqualTo(process.pid());
        assertThat(process.toHandle().isAlive()).isTrue();
        assertThat(process.toHandle().parent()).contains(ProcessHandle.current());
        assertThat(process.children()).hasSize(1);
        assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(process.onExit()).isNotDone();
        process.getOutputStream().close();
        assertThat(process.onExit().get()).isSameAs(process);
        assertThat(process.exitValue()).isEqualTo(4);
        assertThat(process.supportsNormalTermination()).isTrue();
        assertThat(process.toString()).contains(Long.toString(process.pid()), "4");
    }

    @Test
    void whatWasStartedOutlivesViewAndStore() throws Exception {
        Process process = shell("read line; cat greeting").start();
        VeloCommand later = command("true");
        small.close();

        process.getOutputStream().close();

        assertThat(output(process)).isEqualTo("hello\n");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(later::start)
                .withMessageContaining("is closed");
    }
}

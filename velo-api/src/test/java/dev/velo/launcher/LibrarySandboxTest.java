package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** Programs that make sandboxes, in JVMs of their own, as root and as a plain user. */
final class LibrarySandboxTest {
    private static final String PROGRAM = """
            import dev.velo.*;
            import dev.velo.VeloSandboxOptions.*;
            import java.nio.file.*;
            import java.time.Duration;
            import java.util.Map;

            public class Program {
                static void say(VeloSandboxProcess process) throws Exception {
                    System.out.print(new String(process.getInputStream().readAllBytes()));
                    System.out.println("status " + process.waitFor());
                }

                static VeloView base(VeloStore store) throws Exception {
                    return store.view(Path.of("base.velo"));
                }

                public static void main(String[] arguments) throws Exception {
                    try (VeloStore store = VeloStore.open(Path.of("store")); VeloView view = base(store)) {
                        VeloSandboxOptions options = VeloSandboxOptions.DEFAULT
                                .withEnvironment(new Environment.Exactly(Map.of("PATH", "/bin:/usr/bin")))
                                .withTree(store.view(Path.of("tree.velo")), Path.of("/app"), Access.READ_ONLY)
                                .withBind(Path.of("shared"), Path.of("/shared"), Access.READ_WRITE)
                                .withUser(7, 8);
                        if (arguments.length > 0) {
                            view.sandbox().options(options).inheritIO()
                                    .start("sh", "-c", "sleep " + arguments[0] + " & echo sleeping; sleep " + arguments[0])
                                    .waitFor();
                            return;
                        }
                        String script = "id -u; id -g; cat /app/greeting; ls /shared; hostname; exit 3";
                        say(view.sandbox().options(options).start("sh", "-c", script));
                        VeloWrites kept = new VeloWrites.Kept(Path.of("upper"));
                        String write = "echo more >>/tmp/../etc/hosts; tail -n 1 /etc/hosts; stat -c %u /etc/hosts";
                        say(view.sandbox().options(options.withWrites(kept).withUser(0, 0)).start("sh", "-c", write));
                        Limits limits = Limits.NONE.withTime(Duration.ofMillis(100)).withProcesses(100);
                        VeloSandboxProcess late = view.sandbox().options(options.withLimits(limits)).start("sleep", "60");
                        say(late);
                        System.out.println(late.limits().size());
                        VeloSandboxProcess killed = view.sandbox().options(options).start("sleep", "60");
                        killed.destroyForcibly();
                        say(killed);
                        System.out.println(store.verify().problems());
                    }
                }
            }
            """;

    @TempDir
    private Path temporary;

    private Workplace prepare(Caller caller) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/busybox")), "takes busybox-static");
        Workplace place = Workplace.ingested(caller, temporary);
        place.velo("base", "busybox", "/usr/bin/busybox", "-o", "base.velo", "-q")
                .run()
                .succeeded();
        place.directory("shared");
        place.file("shared/one", "");
        return place;
    }

    private Launch program(Caller caller, Workplace place, String... arguments) throws IOException {
        Path source = place.file("Program.java", PROGRAM);
        List<String> words = Stream.concat(Installation.program(source).stream(), Stream.of(arguments))
                .toList();
        return Launch.program(caller, temporary, words.toArray(String[]::new));
    }

    @ForEachCaller
    void sandboxesAreTheSameForRootAndOthers(Caller caller) throws Exception {
        Workplace place = prepare(caller);

        Outcome outcome = program(caller, place).run().succeeded();

        assertThat(outcome.lines())
                .containsExactly(
                        "7",
                        "8",
                        "hello",
                        "one",
                        "velo",
                        "status 3",
                        "more",
                        "0",
                        "status 0",
                        "status 124",
                        "1",
                        "status 137",
                        "[]");
    }

    @ForEachCaller
    void allProcessesEndWithTheJvmThatIsKilled(Caller caller) throws Exception {
        Workplace place = prepare(caller);
        String mark = Integer.toString(100_000 + (int) (System.nanoTime() % 800_000));
        Launch.Started started = program(caller, place, mark).start().says("sleeping");
        assertThat(sleepers(mark)).hasSize(2);

        started.process().toHandle().destroyForcibly();
        started.process().waitFor();

        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!sleepers(mark).isEmpty() && System.nanoTime() < limit) {
            Thread.sleep(1);
        }
        assertThat(sleepers(mark)).isEmpty();
    }

    private static List<String> sleepers(String mark) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(process -> commandLine(process.resolve("cmdline")))
                    .filter(line -> line.equals("sleep\0" + mark + "\0"))
                    .toList();
        }
    }

    private static String commandLine(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}

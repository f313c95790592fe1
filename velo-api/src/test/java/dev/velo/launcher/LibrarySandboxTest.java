package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private static final String ATTACKED = """
            import dev.velo.*;
            import dev.velo.VeloSandboxOptions.*;
            import java.nio.file.*;
            import java.util.*;

            public class Attacked {
                public static void main(String[] arguments) throws Exception {
                    List<String> words = new ArrayList<>(List.of("/attack/attack"));
                    words.addAll(List.of(arguments));
                    try (VeloStore store = VeloStore.open(Path.of("store"));
                            VeloView base = store.view(Path.of("base.velo"));
                            VeloView attack = store.view(Path.of("attack.velo"))) {
                        VeloSandboxOptions options =
                                VeloSandboxOptions.DEFAULT.withTree(attack, Path.of("/attack"), Access.READ_ONLY);
                        // those after the first begin with what was made for all of them
                        for (SystemCalls calls : List.of(SystemCalls.FILTERED, SystemCalls.FILTERED, SystemCalls.ALL)) {
                            base.sandbox().options(options.withSystemCalls(calls)).inheritIO().start(words).waitFor();
                        }
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

    /** That each of these attacks succeeds where nothing protects from it, other tests show. */
    @ForEachCaller
    void attacksAreRefusedAsInSandboxesOfTheLauncher(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Path secret = attacker.place().file("secret", "secret");
        String attacks = "mount /tmp , bind /tmp /tmp , new-mount tmpfs , clone-mount /tmp , chroot / , umount /proc"
                + " , remount /proc/sys , umount /proc/sys , pivot / , umount /"
                + " , unshare user , clone user , clone3 user , unshare mnt , unshare net , clone ipc"
                + " , enter self mnt , enter self net , enter 1 mnt , enter 1 user"
                + " , tunables /proc/sys /proc/fs /proc/irq /proc/bus , openable /proc/kcore"
                + " , inside 1 root , inside 1 cwd , inside 1 exe , inside 1 fd , inside 1 environ , inside 1 mem"
                + " , trace 1 , stop 1 , kill 1"
                + " , read " + secret + " , climb " + secret.toString().substring(1)
                + " , table /proc /dev /tmp /attack , bpf";
        List<String> words =
                new ArrayList<>(Installation.program(attacker.place().file("Attacked.java", ATTACKED)));
        words.addAll(List.of(attacks.split(" ", -1)));

        Outcome outcome = Launch.program(caller, temporary, words.toArray(String[]::new))
                .run()
                .succeeded();

        assertThat(outcome.lines()).hasSize(3 * attacks.split(" , ", -1).length);
        assertThat(outcome.lines()).allMatch(line -> line.endsWith(" refused"));
    }

    @ForEachCaller
    void allProcessesEndWithTheJvmThatIsKilled(Caller caller) throws Exception {
        Workplace place = prepare(caller);
        String mark = Integer.toString(100_000 + (int) (System.nanoTime() % 800_000));
        Launch.Started started = program(caller, place, mark).start().says("sleeping");
        // the program has started both, which may not have become what they are to be
        long begun = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (sleepers(mark).size() < 2 && System.nanoTime() < begun) {
            Thread.sleep(1);
        }
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

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a program in a sandbox does to processes outside, to those that come in, and to those that are to end it. */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxProcessAttackTest {
    private static final List<String> UNFILTERED = List.of("--seccomp", "off");

    /** In a namespace with the victim, whose status is told: no sandbox has others beside it. */
    private static final List<String> BESIDE_VICTIM =
            List.of("unshare", "-Urmnpf", "--mount-proc", "sh", "-c", "sleep 100 & \"$@\"; wait $!; exit $?", "sh");

    @TempDir
    private Path temporary;

    @ForEachCaller
    void processesOfTheMachineAreNotThere(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String mark = temporary.getFileName() + "-victim";
        Process victim = Launch.program(caller, temporary, "bash", "-c", "exec -a $0 sleep 100", mark)
                .start()
                .process();
        try {
            String attacks = "see victim , signal " + victim.pid();
            for (List<String> options : List.of(List.<String>of(), UNFILTERED, List.of("--net", "host"))) {
                Attacker.refused(attacker.inside(options, attacks));
            }
            // all that it may signal are those inside, its own parent among them
            attacker.inside(List.of(), "kill-all").run().ended(128 + 9);
            assertThat(victim.isAlive()).isTrue();
            attacker.outside(BESIDE_VICTIM, "kill-all").run().ended(128 + 9);
            Attacker.succeeded(attacker.outside(attacks));
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            victim.destroyForcibly();
        }
    }

    /** Nothing stays of a command's processes, though it ends while they are about to go on for long. */
    @ForEachCaller
    void nobodyOutlivesTheCommand(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Path shared = shared(attacker);
        String bind = shared + ":/shared";

        attacker.inside(List.of("--bind", bind), "outlive /shared/inside 20")
                .run()
                .ended(0);
        assertThat(grows(shared.resolve("inside"))).isFalse();
        attacker.inside(List.of("--bind", bind, "--timeout", "0.7"), "outlive /shared/limited 20 , flood 20")
                .run()
                .ended(124);
        assertThat(grows(shared.resolve("limited"))).isFalse();
        attacker.outside("outlive " + shared + "/outside 2").run().ended(0);
        assertThat(grows(shared.resolve("outside"))).isTrue();
    }

    /** Its launcher holds on to nothing that has to be given back by a process that may be killed. */
    @ForEachCaller
    void nobodyOutlivesAKilledLauncher(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Path shared = shared(attacker);

        for (List<String> limits : List.of(List.<String>of(), List.of("--pids", "100", "--memory", "512m"))) {
            Path file = shared.resolve("killed" + limits.size());
            Launch.Started run = attacker.inside(
                            Attacker.words(limits, List.of("--bind", shared + ":/shared")),
                            "outlive /shared/" + file.getFileName() + " 30 , flood 30")
                    .start();
            while (!grows(file)) {
                assertThat(run.process().isAlive()).isTrue();
            }
            run.process().destroyForcibly();
            run.await().ended(128 + 9);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (grows(file)) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }

    /** Where everybody can write. */
    private static Path shared(Attacker attacker) throws Exception {
        Path shared = attacker.place().directory("shared");
        return Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static boolean grows(Path file) throws Exception {
        long before = Files.exists(file) ? Files.size(file) : 0;
        Thread.sleep(300);
        return Files.exists(file) && Files.size(file) > before;
    }

    /** Before it is the command, the process that joins is not only in the sandbox. */
    @ForEachCaller
    void whoJoinsIsNotAmbushed(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);

        Launch.Started run = attacker.inside(UNFILTERED, "ambush 6").start().says("ready");
        String process = Long.toString(run.process().pid());
        int joined = 0;
        while (run.process().isAlive()) {
            joined += attacker.place()
                                    .velo("exec", process, "--", "/bin/true")
                                    .run()
                                    .status()
                            == 0
                    ? 1
                    : 0;
        }

        assertThat(run.await().ended(1).lines()).contains("ambush 6 refused");
        assertThat(joined).isPositive();
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Sandboxes in surroundings that are not what one expects. */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxRobustnessTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void rootsWithLittleInThem(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        for (String mode : List.of("r-xr-xr-x", "rwx------", "r-x------", "rwxrwxrwx")) {
            String name = "root-" + mode;
            Path root = attacker.place().directory(name);
            attacker.place().directory(name + "/bin");
            Path shell = Files.copy(Path.of("/usr/bin/busybox"), root.resolve("bin/sh"));
            caller.own(shell);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(mode));
            attacker.ingest(name);

            Outcome run = attacker.place()
                    .velo(
                            "run",
                            "--isolate",
                            "--base",
                            name + ".velo",
                            "--at",
                            "/a/b",
                            "attack.velo",
                            "--",
                            "/bin/sh",
                            "-c",
                            "cd /; test -x /a/b/attack || exit 4; test -d /proc/self && test -c /dev/null && echo x >/tmp/x"
                                    + " && echo y >/new; echo works")
                    .run()
                    .ended(0);
            assertThat(run.text()).isEqualTo("works\n");
        }
    }

    @ForEachCaller
    void otherUsersHaveTheirPlacesToo(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        attacker.isolated(List.of("--uid", "7", "--gid", "8"), "/bin/sh", "-c", "echo x >/tmp/x && test -c /dev/null")
                .run()
                .ended(0);
    }

    @ForEachCaller
    void theCallersMaskCountsForTheCommandAlone(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Outcome run = started(
                        attacker,
                        "umask 077; \"$@\"",
                        "umask; stat -c %a /tmp /dev /dev/shm /made /made/at /proc",
                        "--at",
                        "/made/at")
                .run()
                .ended(0);

        assertThat(run.lines()).containsExactly("0077", "1777", "755", "1777", "755", "755", "555");
    }

    @ForEachCaller
    void standardStreamsMayBeClosed(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-")) {
            attacker.place().directory("shared");
            Files.setPosixFilePermissions(temporary.resolve("shared"), PosixFilePermissions.fromString("rwxrwxrwx"));
            // a descriptor that is closed, or null's: never one of Velo's own
            String script = "for f in /proc/$$/fd/*; do readlink $f; done >/shared/seen 2>/dev/null; exit 5";
            started(attacker, "\"$@\" " + closed, script, "--bind", temporary + "/shared:/shared")
                    .run()
                    .ended(5);
            assertThat(Files.readAllLines(temporary.resolve("shared/seen")))
                    .as(closed)
                    .allMatch(target -> target.equals("/dev/null")
                            || target.startsWith("pipe:")
                            || target.equals("/shared/seen")
                            || target.startsWith("/proc/")
                            || target.matches(".*/velo\\d+\\.(out|err)"));
            Files.delete(temporary.resolve("shared/seen"));
            Files.delete(temporary.resolve("shared"));
        }
    }

    @ForEachCaller
    void aHundredBinds(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        List<String> options = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            attacker.place().directory("bound" + i);
            attacker.place().file("bound" + i + "/file", i + "\n");
            options.addAll(List.of("--bind", "bound" + i + ":/many/" + i / 10 + "/" + i + (i % 2 == 0 ? ":ro" : "")));
            options.addAll(List.of("--bind", "bound" + i + "/file:/files/" + i + ":ro"));
        }

        Outcome run = attacker.isolated(options, "/bin/sh", "-c", "cat /many/*/*/file | sort -n; cat /files/* | wc -l")
                .run()
                .ended(0);
        assertThat(run.lines()).hasSize(101).startsWith("0", "1", "2").endsWith("99", "100");
    }

    @ForEachCaller
    void aPlaceAsLongAsPathsMayBe(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String deep = "/d".repeat(2000);
        String wide = ("/" + "n".repeat(250)).repeat(15);
        for (String place : List.of(deep, wide)) {
            Outcome run = attacker.place()
                    .velo("run", "--isolate", "--base", "base.velo", "--at", place, "attack.velo", "--", "/bin/ls")
                    .run()
                    .ended(0);
            assertThat(run.text()).isEqualTo("attack\n");
        }
        attacker.place()
                .velo(
                        "run",
                        "--isolate",
                        "--base",
                        "base.velo",
                        "--at",
                        "/d".repeat(3000),
                        "attack.velo",
                        "--",
                        "/bin/ls")
                .run()
                .ended(125);
    }

    /** The base's own {@code /tmp} lies below the sandbox's. */
    @ForEachCaller
    void placesBelowTheSandboxesOwnDirectories(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        attacker.place().directory("below");
        attacker.place().directory("below/tmp");
        attacker.place().directory("below/tmp/app");
        attacker.ingest("below");
        for (String place : List.of("/tmp/app", "/dev/shm/app/x", "/proc/../tmp/y", "/bin/../opt/z")) {
            Outcome run = attacker.place()
                    .velo(
                            "run",
                            "--isolate",
                            "--base",
                            "below.velo",
                            "--base",
                            "base.velo",
                            "--at",
                            place,
                            "attack.velo",
                            "--",
                            "/bin/ls")
                    .run()
                    .ended(0);
            assertThat(run.text()).isEqualTo("attack\n");
        }
    }

    /** The launcher in a shell script in which it is {@code "$@"}, with absolute paths. */
    private static Launch started(Attacker attacker, String shell, String script, String... options) {
        Path folder = attacker.place().folder();
        List<String> words = new ArrayList<>(List.of("run", "--isolate", "--mode", "link"));
        words.addAll(List.of("--base", folder.resolve("base.velo").toString()));
        words.addAll(List.of(options));
        if (words.contains("--at")) {
            words.addAll(List.of("--manifest", folder.resolve("attack.velo").toString()));
        }
        words.addAll(List.of("--chdir", "/", "--", "/bin/sh", "-c", script));
        String quoted = "'" + String.join("' '", words) + "'";
        return attacker.place().shell(shell.replace("\"$@\"", "\"$@\" " + quoted));
    }
}

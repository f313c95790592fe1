package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * {@code velo run --isolate} and {@code velo exec}: what a command in a world of its own sees, what becomes of what it writes, and how
 * it ends. What it must not be able to do is another test's.
 */
@Execution(ExecutionMode.CONCURRENT)
final class RunIsolateTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // by prepare
    private Workplace place;

    /** A folder in which {@code base.velo} is a root of busybox, and {@code tree.velo} a tree to show in it. */
    private void prepare(Caller caller) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/busybox")), "takes busybox-static");
        place = Workplace.ingested(caller, temporary);
        place.velo("base", "busybox", "/usr/bin/busybox", "-o", "base.velo", "-q")
                .run()
                .succeeded();
    }

    private Launch isolated(String... words) {
        return place.velo(Stream.concat(Stream.of("run", "--isolate", "--base", "base.velo"), Stream.of(words))
                .toArray(String[]::new));
    }

    private Launch script(String script) {
        return isolated("--", "/bin/sh", "-c", script);
    }

    @ForEachCaller
    void theCommandIsAloneInAMachineOfItsOwn(Caller caller) throws Exception {
        prepare(caller);
        Outcome seen = script("""
                id -u; id -g; hostname; pwd; echo $$
                ps -o pid= > /tmp/processes; wc -l < /tmp/processes
                test / -ef /.. && echo top
                cat /proc/sys/kernel/hostname
                awk 'NR > 2 {print $1}' /proc/net/dev
                ifconfig lo | grep -o UP
                grep -c . /proc/self/uid_map
                awk '/^Cap|NoNewPrivs|^Seccomp:/ {print $2}' /proc/self/status
                """).run().succeeded();

        assertThat(seen.lines())
                .containsExactly(
                        "0",
                        "0",
                        "velo",
                        "/",
                        "2",
                        "3",
                        "top",
                        "velo",
                        "lo:",
                        "UP",
                        "1",
                        "0000000000000000",
                        "0000000000000000",
                        "0000000000000000",
                        "0000000000000000",
                        "0000000000000000",
                        "1",
                        "2");
    }

    @ForEachCaller
    void devicesProcAndTmpAreThere(Caller caller) throws Exception {
        prepare(caller);
        Outcome seen = script("""
                head -c 3 /dev/zero | wc -c; head -c 3 /dev/urandom | wc -c; echo lost >/dev/null
                echo x >/dev/full || echo full
                (echo out >/dev/stdout) | cat; echo shared >/dev/shm/x; cat /dev/shm/x
                echo t >/tmp/t; stat -c %a /tmp /dev/shm; test -c /dev/ptmx && test -c /dev/tty && echo terminals
                cat /proc/uptime | wc -l; wc -c </proc/keys; ls /proc/acpi 2>/dev/null | wc -l
                """).run().ended(0);

        assertThat(seen.lines())
                .containsExactly("3", "3", "full", "out", "shared", "1777", "1777", "terminals", "1", "0", "0");
    }

    @ForEachCaller
    void theTreeAppearsAtItsPlaceAndCannotBeWritten(Caller caller) throws Exception {
        prepare(caller);
        String list = "pwd; cat greeting sub/deep; echo x >new || echo refused";

        Outcome origin = isolated("--manifest", "tree.velo", "--", "/bin/sh", "-c", list)
                .run()
                .ended(0);
        Outcome chosen = isolated("--at", "/opt/a b/c", "tree.velo", "--", "/bin/sh", "-c", list)
                .run()
                .ended(0);

        assertThat(origin.lines()).containsExactly(place.tree().toString(), "hello", "deep", "refused");
        assertThat(chosen.lines()).containsExactly("/opt/a b/c", "hello", "deep", "refused");
        assertThat(Files.exists(Path.of("/opt/a b"))).isFalse();
    }

    @ForEachCaller
    void aWritableTreeKeepsNothing(Caller caller) throws Exception {
        prepare(caller);
        String write = "echo y >>greeting; rm empty; cat greeting; ls";

        for (int i = 0; i < 2; i++) {
            Outcome run = isolated("--writable", "--at", "/app", "tree.velo", "--", "/bin/sh", "-c", write)
                    .run()
                    .succeeded();
            assertThat(run.lines()).containsExactly("hello", "y", "greeting", "link", "sub", "tool");
        }
        assertThat(place.tree().resolve("greeting")).hasContent("hello\n");
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void theRootCanBeWrittenAndForgets(Caller caller) throws Exception {
        prepare(caller);
        String write = "echo x >/etc/new; rm /bin/cp; ls /etc/new /bin/cp; mkdir -p /a/b && rmdir /a/b /a && echo made";

        for (int i = 0; i < 2; i++) {
            assertThat(script(write).run().ended(0).lines()).containsExactly("/etc/new", "made");
        }
    }

    @ForEachCaller
    void layersStackTheFirstIsTheUppermost(Caller caller) throws Exception {
        prepare(caller);
        for (String layer : List.of("one", "two")) {
            place.directory(layer);
            place.directory(layer + "/etc");
            place.file(layer + "/etc/who", layer + "\n");
            place.file(layer + "/etc/" + layer, "");
            place.velo("ingest", layer, "-q").run().succeeded();
        }
        String[] show = {"--", "/bin/sh", "-c", "cat /etc/who; ls /etc/one /etc/two"};

        Outcome first = place.velo(words(
                        "run", "--isolate", "--base", "one.velo", "--base", "two.velo", "--base", "base.velo", show))
                .run()
                .succeeded();
        Outcome second = place.velo(words(
                        "run", "--isolate", "--base", "two.velo", "--base", "one.velo", "--base", "base.velo", show))
                .run()
                .succeeded();
        Outcome atRoot = isolated(words("--base", "one.velo", "--at", "/", "two.velo", show))
                .run()
                .succeeded();

        assertThat(first.lines()).containsExactly("one", "/etc/one", "/etc/two");
        assertThat(second.lines()).containsExactly("two", "/etc/one", "/etc/two");
        assertThat(atRoot.lines().getFirst()).isEqualTo("two");
    }

    private static String[] words(Object... parts) {
        return Stream.of(parts)
                .flatMap(part -> part instanceof String[] some ? Stream.of(some) : Stream.of((String) part))
                .toArray(String[]::new);
    }

    @ForEachCaller
    void bindsShowWhatIsOutside(Caller caller) throws Exception {
        prepare(caller);
        place.directory("shared");
        place.file("shared/in", "from outside\n");
        Files.setPosixFilePermissions(place.folder().resolve("shared"), PosixFilePermissions.fromString("rwxrwxrwx"));

        Outcome run = isolated(
                        "--bind",
                        "shared:/mnt/rw",
                        "--bind",
                        "shared:/mnt/ro:ro",
                        "--bind",
                        "shared/in:/etc/in:ro",
                        "--",
                        "/bin/sh",
                        "-c",
                        "cat /mnt/rw/in /etc/in; echo back >/mnt/rw/out; echo x >/mnt/ro/x || echo refused")
                .run()
                .ended(0);

        assertThat(run.lines()).containsExactly("from outside", "from outside", "refused");
        assertThat(place.folder().resolve("shared/out")).hasContent("back\n");
        assertThat(place.folder().resolve("shared/x")).doesNotExist();
        isolated("--bind", "nowhere:/x", "--", "/bin/true").run().failed(125, "nowhere");
        isolated("--bind", "shared:relative", "--", "/bin/true").run().failed(125, "--bind shared:relative");
        isolated("--bind", "shared:/", "--", "/bin/true").run().failed(125, "--bind shared:/");
    }

    @ForEachCaller
    void environmentDirectoryAndNamesAreChosen(Caller caller) throws Exception {
        prepare(caller);
        Outcome kept = isolated("--env", "A=b=c", "--", "/usr/bin/env")
                .with("KEPT", "yes")
                .run()
                .succeeded();
        Outcome cleared = isolated(
                        "--clear-env", "--env", "A=b", "--env", "KEPT", "--chdir", "/etc", "--", "/usr/bin/env")
                .with("KEPT", "yes")
                .with("GONE", "yes")
                .run()
                .succeeded();
        Outcome named = isolated(
                        "--hostname",
                        "build",
                        "--uid",
                        "12",
                        "--gid",
                        "34",
                        "--",
                        "/bin/sh",
                        "-c",
                        "hostname; id -u; id -g; touch /tmp/x && stat -c '%u %g' /tmp/x")
                .run()
                .succeeded();

        assertThat(kept.lines()).contains("A=b=c", "KEPT=yes", "PWD=/");
        assertThat(cleared.lines()).containsExactlyInAnyOrder("A=b", "KEPT=yes", "PWD=/etc");
        assertThat(named.lines()).containsExactly("build", "12", "34", "12 34");
    }

    @ForEachCaller
    void theNetworkCanBeTheMachines(Caller caller) throws Exception {
        prepare(caller);
        String name = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();

        assertThat(isolated("--net", "host", "--", "/bin/readlink", "/proc/self/ns/net")
                        .run()
                        .succeeded()
                        .lines())
                .containsExactly(name);
        assertThat(script("readlink /proc/self/ns/net").run().succeeded().lines())
                .doesNotContain(name);
    }

    @ForEachCaller
    void theStatusIsTheCommands(Caller caller) throws Exception {
        prepare(caller);

        script("exit 7").run().ended(7);
        script("kill -TERM $$").run().ended(143);
        isolated("--", "no-such").run().failed(127, "no-such");
        isolated("--", "/etc/passwd").run().failed(126, "/etc/passwd");
        isolated("--chdir", "/nowhere", "--", "/bin/true").run().failed(125, "/nowhere", "working directory");
        isolated("--timeout", "0.2", "--", "/bin/sleep", "30").run().failed(124, "0.2 s");
        place.velo("run", "--isolate", "--base", "missing.velo", "--", "/bin/true")
                .run()
                .failed(125, "missing.velo");
        place.velo("run", "--isolate", "--", "/bin/true").run().ended(125);
    }

    @ForEachCaller
    void whatMakesASandboxNeedsOne(Caller caller) throws Exception {
        prepare(caller);

        place.velo("run", "--hostname", "x", "tree.velo", "--", "true").run().failed(125, "--isolate");
        place.velo("run", "--base", "base.velo", "tree.velo", "--", "true")
                .run()
                .failed(125, "--isolate");
        place.velo("run", "--isolate", "--at", "/x", "tree.velo", "--", "true")
                .run()
                .failed(125, "--base");
        place.velo("run", "--isolate", "--mode", "preload", "--base", "base.velo", "tree.velo", "--", "true")
                .run()
                .failed(125, "mount", "link");
    }

    @ForEachCaller
    void signalsReachTheCommand(Caller caller) throws Exception {
        prepare(caller);
        Launch.Started run = script("trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done")
                .start()
                .says("ready");
        run.process().destroy();

        Outcome outcome = run.await().ended(9);
        assertThat(outcome.lines()).containsExactly("ready", "caught");
    }

    @ForEachCaller
    void everythingEndsWithTheCommand(Caller caller) throws Exception {
        prepare(caller);
        String mark = "velo-" + temporary.getFileName();
        script("(trap '' TERM HUP; exec -a " + mark + " sleep 1000) & setsid sleep 1000 & sleep 0.2; exit 0")
                .run()
                .ended(0);

        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(line -> line.contains(mark)))
                .isEmpty();
    }

    @ForEachCaller
    void anUpperKeepsTheRootsChanges(Caller caller) throws Exception {
        prepare(caller);
        isolated("--upper", "kept", "--", "/bin/sh", "-c", "echo one >/etc/new; rm /bin/cp")
                .run()
                .succeeded();
        Outcome second = isolated("--upper", "kept", "--", "/bin/sh", "-c", "cat /etc/new; ls /bin/cp || echo gone")
                .run()
                .ended(0);

        assertThat(second.lines()).containsExactly("one", "gone");
        isolated("--upper", "kept", "--at", "/", "tree.velo", "--", "/bin/true")
                .run()
                .failed(125, "another tree");
    }

    @ForEachCaller
    void anUnchangedRootIsSavedAsItWas(Caller caller) throws Exception {
        prepare(caller);
        place.directory("shared");

        isolated("--save", "same.velo", "--bind", "shared:/a/b/c", "--at", "/x/y", "tree.velo", "--", "/bin/true")
                .run()
                .ended(0);

        assertThat(place.folder().resolve("same.velo"))
                .hasSameBinaryContentAs(place.folder().resolve("base.velo"));
    }

    @ForEachCaller
    void whatIsSavedIsWhatTheCommandLeft(Caller caller) throws Exception {
        prepare(caller);
        String change = """
                echo new >/etc/new; rm /bin/cp; mkdir -p /a/b; ln -s ../x /a/l; ln /etc/new /a/hard
                chmod 640 /etc/passwd; rm -r /home; mkdir /home; echo h >/home/h
                touch -d '2001-02-03 04:05:06' /a/b; exit 5
                """;
        String list =
                "cd /; find a bin etc home root usr -exec stat -c '%n %f %s %Y %h' {} \\; | sort; cat etc/new a/hard";

        Outcome saved = isolated("--save", "new.velo", "--", "/bin/sh", "-c", change + list)
                .run()
                .ended(5);
        Outcome changed = isolated("--save", "new.velo", "--", "/bin/sh", "-c", change.replace("exit 5", "") + list)
                .run()
                .ended(0);
        Outcome again = place.velo("run", "--isolate", "new.velo", "--", "/bin/sh", "-c", list)
                .run()
                .succeeded();

        assertThat(saved.complaint()).startsWith("velo: saved ").contains("new.velo");
        // of directories sizes differ by file system, and farms share inodes of equal files
        assertThat(again.lines().stream().map(RunIsolateTest::comparable).toList())
                .isEqualTo(
                        changed.lines().stream().map(RunIsolateTest::comparable).toList());
        assertThat(Workplace.names(place.store().resolve("copies"))).isEmpty();
    }

    private static String comparable(String line) {
        String[] facts = line.split(" ", -1);
        if (facts.length < 5) {
            return line;
        }
        String size = facts[1].startsWith("4") ? "" : facts[2];
        return facts[0] + " " + facts[1] + " " + size + " " + facts[3];
    }

    @ForEachCaller
    void limitsHoldAndAreTold(Caller caller) throws Exception {
        prepare(caller);
        Outcome run = isolated(
                        "-v",
                        "--pids",
                        "12",
                        "--memory",
                        "64m",
                        "--",
                        "/bin/sh",
                        "-c",
                        "i=0; while [ $i -lt 40 ]; do sleep 2 & i=$((i+1)); done; jobs | wc -l")
                .run();

        assertThat(run.complaint()).contains("velo: limit of pids: ", "velo: limit of memory: ");
        assertThat(run.complaint() + run.text()).contains("fork");
        isolated("--size", "1m", "--", "/bin/sh", "-c", "head -c 2000000 /dev/zero >/tmp/x || echo full")
                .run()
                .ended(0);
        isolated("--memory", "lots", "--", "/bin/true").run().failed(125, "--memory lots");
    }

    @ForEachCaller
    void anotherCommandJoins(Caller caller) throws Exception {
        prepare(caller);
        Launch.Started first = script("echo mine >/tmp/mine; echo ready; read line; echo $line")
                .start()
                .says("ready");
        String process = Long.toString(first.process().pid());

        Outcome joined = place.velo(
                        "exec",
                        process,
                        "--",
                        "/bin/sh",
                        "-c",
                        "cat /tmp/mine; id -u; ps -o pid= | wc -l; awk '/^CapBnd|NoNewPrivs|^Seccomp:/ {print $2}' /proc/self/status; exit 4")
                .run()
                .ended(4);
        assertThat(joined.lines()).containsExactly("mine", "0", "5", "0000000000000000", "1", "2");
        place.velo("exec", process, "--", "no-such").run().failed(127, "no-such");

        first.answer("bye");
        assertThat(first.await().ended(0).lines()).containsExactly("ready", "bye");
        place.velo("exec", Long.toString(ProcessHandle.current().pid()), "--", "/bin/true")
                .run()
                .failed(125, "launched no sandbox");
        place.velo("exec", "--", "/bin/true").run().ended(125);
    }

    @ForEachCaller
    void aFailureLeavesNothing(Caller caller) throws Exception {
        prepare(caller);
        List<String> rooms = Workplace.names(place.store());

        isolated("--at", "/etc/passwd/x", "tree.velo", "--", "/bin/true").run().failed(125, "/etc/passwd/x");
        isolated("--bind", "base.velo:/etc", "--", "/bin/true").run().failed(125, "/etc");

        // other tests mount elsewhere meanwhile
        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
                .noneMatch(mount -> mount.contains(temporary.toString()));
        assertThat(Workplace.names(place.store())).isEqualTo(rooms);
        assertThat(Workplace.names(place.store().resolve("copies"))).isEmpty();
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a program in a sandbox asks of the kernel to get out, and does not get. */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxAttackTest {
    /** Root in namespaces of its own, as whoever makes a sandbox is before privileges are dropped: all that is left out here. */
    private static final List<String> NAMESPACES = List.of("unshare", "-Urmnpf", "--mount-proc");

    private static final List<String> UNFILTERED = List.of("--seccomp", "off");
    private static final List<String> PLAIN = List.of();

    @TempDir
    private Path temporary;

    @ForEachCaller
    void mountsStayAsTheyAre(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String attacks = "mount /tmp , bind /tmp /tmp , new-mount tmpfs , clone-mount /tmp , chroot / , umount /proc";

        Attacker.refused(
                attacker.inside(PLAIN, attacks + " , remount /proc/sys , umount /proc/sys , pivot / , umount /"));
        // a filter is not what it takes: nobody in there has privileges
        Attacker.refused(attacker.inside(UNFILTERED, attacks + " , remount /proc/sys , umount /proc/sys , pivot /"));
        Attacker.succeeded(attacker.outside(NAMESPACES, attacks));
    }

    @ForEachCaller
    void noNamespacesAreMadeOrEntered(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String attacks = "unshare user , clone user , clone3 user";
        String others =
                "unshare mnt , unshare net , unshare pid , clone ipc , clone3 uts , unshare cgroup , unshare time"
                        + " , enter self mnt , enter self net";

        Attacker.refused(attacker.inside(PLAIN, attacks + " , " + others + " , enter 1 mnt , enter 1 user"));
        // by the limit of user namespaces, which is 0
        Attacker.refused(attacker.inside(UNFILTERED, attacks + " , " + others + " , enter 1 mnt , enter 1 user"));
        Attacker.succeeded(attacker.outside(attacks));
        Attacker.succeeded(attacker.outside(NAMESPACES, others));
    }

    /** What stands between such a program and these is the filter alone. */
    @ForEachCaller
    void callsOfNoUseAreDenied(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String attacks = "keyring , key , userfaultfd , io_uring , perf , trace-child , peek-child , take-from-child";
        String sockets = "family 40";

        Attacker.refused(attacker.inside(PLAIN, attacks + " , bpf , family 17 , " + sockets));
        if (attacker.outside(sockets).run().status() == 0) {
            attacks += " , " + sockets;
        }
        Attacker.succeeded(attacker.inside(UNFILTERED, attacks));
        Attacker.refused(attacker.inside(UNFILTERED, "bpf"));
        if (caller == Caller.ROOT) {
            Attacker.succeeded(attacker.outside("bpf"));
        }
    }

    @ForEachCaller
    void theKernelIsNotTuned(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);

        Attacker.refused(
                attacker.inside(
                        PLAIN,
                        "tunables /proc/sys /proc/fs /proc/irq /proc/bus , openable /proc/sysrq-trigger , openable /proc/kcore"));
        // root of its own network namespace may tune that, and has no such mount over it
        Attacker.succeeded(attacker.outside(NAMESPACES, "tunables /proc/sys"));
        for (String file : List.of("/proc/sysrq-trigger", "/proc/kcore")) {
            if (caller == Caller.ROOT && Files.exists(Path.of(file))) {
                Attacker.succeeded(attacker.outside("openable " + file));
            }
        }
    }

    @ForEachCaller
    void theFirstProcessKeepsToItself(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String links = "inside 1 root , inside 1 cwd , inside 1 exe , inside 1 fd , inside 1 environ";

        for (List<String> options : List.of(PLAIN, UNFILTERED)) {
            Attacker.refused(attacker.inside(options, links + " , inside 1 mem , trace 1 , stop 1 , kill 1"));
        }
        // the first process of a namespace that nobody makes undumpable: the program's own parent
        Attacker.succeeded(attacker.outside(NAMESPACES, links + " , inside 1 mem"));
        assertOutsideStops(attacker);
    }

    /** A process that is not the first of its namespace can be stopped, traced and killed. */
    private static void assertOutsideStops(Attacker attacker) throws IOException, InterruptedException {
        // until it speaks it may still be the program that changes to the caller
        Process victim = Launch.program(
                        attacker.place().caller(), attacker.place().folder(), "sh", "-c", "echo up; exec sleep 60")
                .start()
                .says("up")
                .process();
        try {
            Attacker.succeeded(attacker.outside("stop " + victim.pid() + " , kill " + victim.pid()));
        } finally {
            victim.destroyForcibly();
        }
    }

    @ForEachCaller
    void filesOfTheMachineAreNotThere(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Path secret = attacker.place().file("secret", "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));
        String attacks = "read " + secret + " , write " + secret + " , climb "
                + secret.toString().substring(1);

        for (List<String> options : List.of(PLAIN, UNFILTERED, List.of("--net", "host"))) {
            Attacker.refused(attacker.inside(options, attacks));
        }
        Attacker.succeeded(attacker.outside(attacks));
        assertThat(secret).hasContent("secretx");
        Attacker.succeeded(attacker.inside(List.of("--bind", secret + ":" + secret), attacks));
    }

    @ForEachCaller
    void nothingElseIsMounted(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String attack = "table /proc /dev /tmp /attack";

        Attacker.refused(attacker.inside(PLAIN, attack));
        Attacker.refused(attacker.inside(List.of("--upper", "kept"), attack));
        // the mounts of a namespace that has left nothing behind
        Attacker.succeeded(attacker.outside(NAMESPACES, attack));
        Attacker.succeeded(attacker.inside(List.of("--bind", temporary + ":/elsewhere:ro"), attack));
    }

    @ForEachCaller
    void filesHaveNoHandles(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        List<String> bind = List.of("--bind", temporary + ":/bound:ro");

        for (String attack : List.of("handle /bound", "handle /attack")) {
            Attacker.refused(attacker.inside(bind, attack));
            Attacker.refused(attacker.inside(Attacker.words(bind, UNFILTERED), attack));
        }
        // a user in no sandbox has not the capability either
        if (caller == Caller.ROOT) {
            Attacker.succeeded(attacker.outside("handle " + temporary));
        }
    }

    /** Standard streams are the caller's own doing, even if they are directories. */
    @ForEachCaller
    void descriptorsStayOutside(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String redirected = "\"$@\" 3</etc 4<>secret 9<. 17</proc 200</dev/null";
        attacker.place().file("secret", "secret");
        String open = "descriptors";
        String[] isolated = {
            "run",
            "--isolate",
            "--manifest",
            "attack.velo",
            "--at",
            "/attack",
            "--base",
            "base.velo",
            "--",
            Attacker.INSIDE,
            open,
            ",",
            "climb",
            "etc/hostname"
        };

        Attacker.refused(attacker.place().shell(redirected.replace("$@", "$@\" " + quoted(isolated) + " \"")));
        Attacker.succeeded(attacker.outside(List.of("bash", "-c", redirected, "bash"), open));
    }

    private static String quoted(String... words) {
        return "'" + String.join("' '", words) + "'";
    }

    @ForEachCaller
    void socketsOfTheMachineAreNotThere(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        String name = "velo-test-" + temporary.getFileName();

        try (ServerSocket tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                AbstractListener listener = AbstractListener.at(name)) {
            assertThat(listener.name()).isEqualTo(name);
            String attacks = "abstract " + name + " , port " + tcp.getLocalPort();
            Attacker.refused(attacker.inside(PLAIN, attacks));
            Attacker.refused(attacker.inside(UNFILTERED, attacks));
            Attacker.succeeded(attacker.inside(List.of("--net", "host"), attacks));
        }
    }

    @ForEachCaller
    void devicesAreNotMade(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);

        for (List<String> options : List.of(PLAIN, UNFILTERED)) {
            Attacker.refused(attacker.inside(options, "mknod /tmp/null , mknod /null , mknod /dev/new"));
        }
        if (HostileTree.isRoot() && caller == Caller.ROOT) {
            Attacker.succeeded(attacker.outside("mknod " + temporary.resolve("null")));
        }
    }
}

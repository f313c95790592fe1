package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Trees of strangers, and uppers that a stranger's program has left, that are to lead the making of a sandbox astray. */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxTreeAttackTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // by prepared
    private Path outside;

    /** A directory of the machine that everybody may write to, and that a shell has open as {@code 9}. */
    private Attacker prepared(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        outside = attacker.place().directory("outside");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxrwxrwx"));
        attacker.place().file("shown", "shown");
        return attacker;
    }

    private void link(Attacker attacker, String name, String target) throws IOException {
        Path made = temporary.resolve(name);
        Files.createDirectories(made.getParent());
        Files.createSymbolicLink(made, Path.of(target));
        attacker.place().caller().own(made);
    }

    /** Whether a run with descriptor 9 does what this script says. */
    private static Outcome withDescriptor(Attacker attacker, String options, String script) throws Exception {
        return attacker.place()
                .shell("\"$@\" run --isolate --mode link " + options + " --base base.velo -- /bin/sh -c '" + script
                        + "' 9<outside")
                .run();
    }

    /**
     * Links in the place of directories for the system's mounts, and on the way to places. They lead into the sandbox or nowhere; the
     * control is that a shell outside with the same descriptor does follow them.
     */
    @ForEachCaller
    void linksLeadNowhereOutside(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        Map<String, String> links = Map.of(
                "absolute", outside.toString(),
                "up", "../../../../../../../.." + outside,
                "descriptor", "/proc/self/fd/9",
                "working", "/proc/self/cwd",
                "other", "/proc/1/root" + outside,
                "loop", "loop",
                "missing", "/nowhere/at/all");
        attacker.place().directory("evil");
        for (Map.Entry<String, String> each : links.entrySet()) {
            link(attacker, "evil/" + each.getKey(), each.getValue());
        }
        attacker.ingest("evil");

        for (String name : links.keySet()) {
            for (String options : List.of(
                    "--at /" + name + "/made attack.velo",
                    "--at /" + name + " attack.velo",
                    "--bind attack:/" + name + "/made/deep",
                    "--bind shown:/" + name + "/file",
                    "--bind shown:/" + name + "/made/file:ro")) {
                Outcome run = withDescriptor(attacker, "--base evil.velo " + options, "exit 3");
                assertThat(run.status()).as("%s: %s", options, run.complaint()).isIn(3, 125);
                assertThat(Workplace.names(outside)).as("made by %s", options).isEmpty();
            }
        }
        Launch.shell(caller, temporary, "mkdir /proc/self/fd/9/made 9<outside")
                .run()
                .ended(0);
        assertThat(Workplace.names(outside)).containsExactly("made");
    }

    /** What stands where a sandbox has its own directories is hidden, and what is a link elsewhere is not followed. */
    @ForEachCaller
    void theSystemsDirectoriesAreItsOwn(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        List<String> targets =
                List.of(outside.toString(), "../../../.." + outside, "/proc/self/fd/9", "proc", "tmp", "dev", "/");
        for (int i = 0; i < targets.size(); i++) {
            String tree = "links" + i;
            attacker.place().directory(tree);
            for (String name : List.of("proc", "dev", "tmp")) {
                link(attacker, tree + "/" + name, targets.get(i));
            }
            attacker.ingest(tree);
            Outcome run = withDescriptor(
                    attacker,
                    "--base " + tree + ".velo --manifest attack.velo --at /attack",
                    "for d in proc dev tmp; do test -d /$d -a ! -L /$d || exit 9; done; test -c /dev/null || exit 8;"
                            + " /attack/attack table /proc /dev /tmp /attack && exit 7; echo x >/tmp/x && exit 3");
            assertThat(run.status())
                    .as("%s: %s%s", targets.get(i), run.text(), run.complaint())
                    .isEqualTo(3);
            assertThat(Workplace.names(outside)).isEmpty();
        }
        attacker.place().directory("files");
        for (String name : List.of("proc", "dev", "tmp")) {
            attacker.place().file("files/" + name, "no directory");
        }
        attacker.ingest("files");
        assertThat(withDescriptor(attacker, "--base files.velo", "echo x >/tmp/x; test -c /dev/null && exit 3")
                        .status())
                .isEqualTo(3);
    }

    /** A former run has left what it could, and its upper has since been under somebody's hands. */
    @ForEachCaller
    void aHostileUpperHarmsNothing(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        List<String> spoiled = List.of(
                "ln -s " + outside + " proc",
                "ln -s " + outside + " dev",
                "ln -s /proc/self/fd/9 tmp",
                "ln -s /proc/self/fd/9 attack",
                "echo file >proc",
                "echo file >attack",
                "mkdir dev; ln -s " + outside + " dev/null; ln -s " + outside + " dev/shm",
                "mkdir -p proc/self/fd/9; ln -s proc/self/fd/9 attack",
                "ln -s / etc2; rm -rf etc; ln -s " + outside + " etc");
        for (int i = 0; i < spoiled.size(); i++) {
            String upper = "kept" + i;
            String options = "--upper " + upper + " --manifest attack.velo --at /attack/made --bind shown:/etc/shown";
            // not with the places: those are there for the second run then
            withDescriptor(attacker, "--upper " + upper, "echo x >/x").ended(0);
            Launch.shell(Caller.all().getFirst(), temporary.resolve(upper + "/upper"), spoiled.get(i))
                    .run()
                    .ended(0);
            Outcome run = withDescriptor(attacker, options, "echo x >/tmp/x; exit 3");
            assertThat(run.status())
                    .as("%s: %s", spoiled.get(i), run.complaint())
                    .isIn(3, 125);
            assertThat(Workplace.names(outside)).as(spoiled.get(i)).isEmpty();
        }
    }

    /** Whiteouts and marks in an upper hide files of the tree, and show none. */
    @ForEachCaller
    void attributesOfAnUpperShowNothing(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        withDescriptor(attacker, "--upper kept", "mkdir /made; echo x >/made/x").ended(0);
        attacker.place().file("outside/secret", "secret");
        Launch.shell(
                        Caller.all().getFirst(),
                        temporary.resolve("kept/upper"),
                        "for n in opaque=y redirect=/../outside metacopy= origin=x; do"
                                + " python3 -c 'import os,sys; a,b=sys.argv[1].split(\"=\");"
                                + " [os.setxattr(f, \"user.overlay.\"+a, b.encode()) for f in (\"made\", \"made/x\")]' $n; done")
                .run()
                .ended(0);
        Outcome run = withDescriptor(attacker, "--upper kept", "cat /made/x /made/secret 2>/dev/null; ls /made");

        assertThat(run.text()).doesNotContain("secret");
        assertThat(Workplace.names(outside)).containsExactly("secret");
    }

    @ForEachCaller
    void devicesOfATreeAreNoDevices(Caller caller) throws Exception {
        assumeTrue(caller == Caller.ROOT, "only root makes device nodes");
        Attacker attacker = prepared(caller);
        attacker.place().directory("devices");
        Launch.shell(
                        caller,
                        temporary.resolve("devices"),
                        "mknod null c 1 3; chmod 666 null; mknod disk b 254 0; chmod 666 disk")
                .run()
                .ended(0);
        attacker.ingest("devices");
        String attacks = "device /null , device /disk";

        for (List<String> options : List.of(List.of("--trust"), List.of("--trust", "--upper", "kept"))) {
            Attacker.refused(attacker.inside(Attacker.words(options, List.of("--base", "devices.velo")), attacks));
        }
        attacker.inside(List.of("--base", "devices.velo"), attacks).run().ended(0);
        Attacker.refused(attacker.inside(
                List.of("--bind", temporary.resolve("devices") + ":/bound"),
                "device /bound/null , device /bound/disk"));
        Attacker.succeeded(attacker.outside("device " + temporary.resolve("devices/null")));
    }

    @ForEachCaller
    void nobodyBecomesRoot(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        attacker.place().directory("setuid");
        Path program = attacker.program("setuid/become");
        Files.setAttribute(program, "unix:mode", 06755, LinkOption.NOFOLLOW_LINKS);
        attacker.ingest("setuid");

        for (String mode : caller == Caller.ROOT ? List.of("mount", "link") : List.of("link")) {
            for (List<String> more :
                    List.of(List.of("--uid", "5"), List.of("--uid", "5", "--trust", "--seccomp", "off"))) {
                List<String> options = Attacker.words(List.of("--base", "setuid.velo", "--mode", mode), more);
                Attacker.refused(attacker.inside(options, "become /become"));
            }
        }
        Attacker.refused(attacker.inside(List.of("--uid", "5", "--bind", program + ":/become:ro"), "become /become"));
        // where nothing takes the bit's meaning away; a plain user cannot be yet another one there
        if (caller == Caller.ROOT) {
            Attacker.succeeded(attacker.outside(
                    List.of("setpriv", "--reuid=5", "--regid=5", "--clear-groups"), "become " + program));
        }
    }

    @ForEachCaller
    void oddNamesAreNamesLikeOthers(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        String[] names = {"a b", "new\nline", "comma,colon:back\\slash", "é\u0001", "-rf", "#", "%s%n", "lowerdir=x"};
        for (String name : names) {
            Outcome run = attacker.place()
                    .velo(
                            "run",
                            "--isolate",
                            "--at",
                            "/odd/" + name + "/" + name,
                            "--base",
                            "base.velo",
                            "attack.velo",
                            "--",
                            "/bin/sh",
                            "-c",
                            "pwd; ls")
                    .run()
                    .ended(0);
            assertThat(run.text()).isEqualTo("/odd/" + name + "/" + name + "\nattack\n");
        }
    }

    /** What the machine mounts below a bound directory is no part of it. */
    @ForEachCaller
    void whatIsMountedLaterStaysOutside(Caller caller) throws Exception {
        assumeTrue(Caller.all().getFirst() == Caller.ROOT, "only root mounts");
        Attacker attacker = prepared(caller);
        Path shared = attacker.place().directory("outside/shared");
        attacker.place().directory("outside/shared/below");
        String program = shared + "/below/program";
        root("mount --bind outside/shared outside/shared && mount --make-shared outside/shared");
        try {
            Launch.Started run = attacker.isolated(
                            List.of("--bind", shared + ":/shared:ro", "--bind", "attack:/shared/below"),
                            "/bin/sh",
                            "-c",
                            "echo ready; read line; ls /shared/below; ls /shared; cat /proc/self/mountinfo")
                    .start()
                    .says("ready");
            root("mount -t tmpfs none outside/shared/below && touch " + program);
            assertThat(run.answer("go").await().ended(0).text())
                    .contains("attack\n")
                    .doesNotContain("program", "shared:", "master:");
            assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temporary + "/attack ");
        } finally {
            root("umount -l outside/shared");
        }
    }

    private void root(String script) throws Exception {
        Launch.shell(Caller.ROOT, temporary, script).run().ended(0);
    }
}

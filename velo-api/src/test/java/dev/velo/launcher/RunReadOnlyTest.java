package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A tree that is only shown: exact, and closed to writes of any kind. */
@Execution(ExecutionMode.CONCURRENT)
final class RunReadOnlyTest {
    private static final List<String> WRITES = List.of(
            "echo x >new",
            "echo x >greeting",
            "echo x >>greeting",
            "truncate -s 0 greeting",
            "chmod 777 greeting",
            "chmod 777 .",
            "touch -d 2001-01-01 greeting",
            "mv greeting other",
            "mv sub other",
            "rm -f greeting",
            "rmdir sub",
            "mkdir new",
            "ln greeting hard",
            "ln -s greeting soft",
            "mkfifo pipe");

    @TempDir
    private Path temporary;

    @ForEachCaller
    void everyWriteIsRefusedAsReadOnly(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String script = String.join(
                "\n", WRITES.stream().map(write -> "(" + write + ") || :").toList());

        Outcome outcome = place.inTree(script).run().ended(0);

        assertThat(outcome.complaint().lines())
                .hasSize(WRITES.size())
                .allMatch(line -> line.endsWith("Read-only file system"));
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void theTreeIsTheIngestedOneToTheLastDetail(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        Path tree = hostileTree(place);
        Path at = place.directory("at");
        place.velo("ingest", "--trust", "--owner", caller == Caller.ROOT ? "keep" : "squash", "hostile", "-q")
                .run()
                .ended(0);

        Launch.Started run = place.velo(
                        "run", "--at", "at", "hostile.velo", "--", "sh", "-c", "echo $$ >&2; echo shown; read line")
                .start()
                .says("shown");
        String pid = Files.readString(run.errors()).strip();
        Path seen = Path.of("/proc/" + pid + "/root" + at);
        TreeComparison.Options asked = TreeComparison.Options.standard();
        if (caller == Caller.ROOT) {
            asked = asked.with(TreeComparison.Aspect.OWNER);
        }
        List<String> differences = TreeComparison.differences(tree, seen, asked);
        run.answer("").await().ended(0);

        assertThat(differences).isEmpty();
        assertThat(Workplace.names(at)).isEmpty();
        HostileTree.deleteTree(tree);
        HostileTree.deleteTree(place.store());
    }

    @ForEachCaller
    void theCommandHasNoPowersThatItsCallerHasNot(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String identity = "id -u; id -g; grep -e CapEff -e CapPrm -e CapAmb -e NoNewPrivs /proc/self/status";

        Outcome outside = place.shell(identity).run().succeeded();
        Outcome inside = place.inTree(identity).run().succeeded();

        assertThat(inside.text()).isEqualTo(outside.text());
    }

    @ForEachCaller
    void nothingOfTheRunIsSeenOutside(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started run = place.velo("run", "tree.velo", "--", "sh", "-c", "echo shown; read line")
                .start()
                .says("shown");

        // other tests mount elsewhere meanwhile
        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
                .noneMatch(mount -> mount.contains(temporary.toString()));
        run.answer("").await().succeeded();
    }

    /** A tree of everything that this caller can make and read. */
    private static Path hostileTree(Workplace place) throws Exception {
        Path tree = place.directory("hostile");
        HostileTree.Options options = HostileTree.Options.small();
        if (place.caller() == Caller.USER) {
            options = options.without(
                    HostileTree.Feature.DEVICES, HostileTree.Feature.UNREADABLE, HostileTree.Feature.OWNERS);
        }
        HostileTree.generate(tree, options);
        if (place.caller() == Caller.USER) {
            try (Stream<Path> all = Files.walk(tree)) {
                all.forEach(place.caller()::own);
            }
        }
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return tree;
    }
}

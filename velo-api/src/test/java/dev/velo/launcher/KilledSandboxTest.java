package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A launcher of a sandbox that is killed at any moment leaves no process, no mount, no folder and no cgroup. */
@Execution(ExecutionMode.CONCURRENT)
final class KilledSandboxTest {
    private static final int ROUNDS = 12;
    private static final long SEED = 20261121;
    private static final long LIMIT_SECONDS = 30;
    private static final String COMMAND = "echo begun; (setsid sleep 1000 &) ; sleep 1000";

    @TempDir
    private Path temporary;

    @ForEachCaller
    void nothingStays(Caller caller) throws Exception {
        killed(caller, List.of());
    }

    @ForEachCaller
    void nothingStaysOfLimits(Caller caller) throws Exception {
        killed(caller, List.of("--pids", "50", "--memory", "512m"));
    }

    private void killed(Caller caller, List<String> options) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Path shared = attacker.place().directory("shared");
        List<String> all = Attacker.words(options, List.of("--upper", "kept", "--bind", shared + ":/shared"));
        long start = System.nanoTime();
        Launch.Started whole =
                attacker.isolated(all, "/bin/sh", "-c", COMMAND).start().says("begun");
        long span = System.nanoTime() - start;
        kill(whole);
        awaitNobody(whole);
        List<String> folders = folders();
        List<String> mounts = mounts();
        Random random = new Random(SEED);
        int begun = 0;
        int rounds = Moments.rounds(ROUNDS);
        for (int i = 0; i < rounds; i++) {
            Launch.Started run =
                    attacker.isolated(all, "/bin/sh", "-c", COMMAND).start();
            TimeUnit.NANOSECONDS.sleep(random.nextLong(span + span / 4));
            kill(run);
            begun += run.lines().contains("begun") ? 1 : 0;
            awaitNobody(run);
            awaitNoCgroup(run.process().pid());
            assertThat(mounts()).isEqualTo(mounts);
            assertThat(folders()).isEqualTo(folders);
        }
        assertThat(begun).as("some were killed before the command began").isLessThan(rounds);
        // the upper of those that were killed is another's at once
        attacker.isolated(all, "/bin/true").run().ended(0);
    }

    private static void kill(Launch.Started run) throws InterruptedException {
        run.process().destroyForcibly();
        run.process().waitFor();
    }

    /** All processes of a run have the file of its messages open, where nobody says otherwise. */
    private static void awaitNobody(Launch.Started run) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            List<String> holding = holding(run.errors());
            if (holding.isEmpty()) {
                return;
            }
            assertThat(System.nanoTime()).as("still there: %s", holding).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static List<String> holding(Path file) throws IOException {
        List<String> holding = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) processes::iterator) {
                try {
                    if (Files.readSymbolicLink(process.resolve("fd/2")).equals(file)) {
                        holding.add(process + " " + Files.readString(process.resolve("comm")));
                    }
                } catch (IOException e) {
                    // no process, or none any more
                }
            }
        }
        return holding;
    }

    private static void awaitNoCgroup(long process) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            List<Path> left = cgroups("velo-" + process + "-");
            if (left.isEmpty()) {
                return;
            }
            assertThat(System.nanoTime()).as("still there: %s", left).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static List<Path> cgroups(String prefix) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(Path.of("/sys/fs/cgroup"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (directory.getFileName().toString().startsWith(prefix)) {
                    found.add(directory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(temporary.toString()))
                .toList();
    }

    private List<String> folders() throws IOException {
        List<String> folders = new ArrayList<>(Workplace.names(temporary));
        folders.addAll(Workplace.names(temporary.resolve("store")));
        for (String room : List.of("copies", "farms", "mounts")) {
            Path directory = temporary.resolve("store").resolve(room);
            if (Files.isDirectory(directory)) {
                folders.addAll(Workplace.names(directory));
            }
        }
        return folders;
    }
}

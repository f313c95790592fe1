package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loose inodes are made by the processes that open files, at any time, many at once: whatever becomes of those processes, and of
 * the disk, the next one reads what was ingested.
 */
final class PreloadFaultsTest {
    private static final int FILES = 40;
    private static final int BYTES = 200_000;
    private static final int PROCESSES = 200;
    private static final int ROUNDS = 40;
    private static final int DISK_MEBIBYTES = 24;
    private static final String SUMS = "cat f* | sha256sum";

    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void makeWorkplace() throws Exception {
        place = Workplace.make(Caller.all().getFirst(), temporary);
        Random random = new Random(5);
        place.directory("many");
        for (int i = 0; i < FILES; i++) {
            byte[] noise = new byte[BYTES];
            random.nextBytes(noise);
            Files.write(temporary.resolve("many/f" + i), noise);
            Files.write(temporary.resolve("many/copy" + i), noise);
        }
    }

    /** A command in the tree, which is shown at a place that does not exist. */
    private Launch shown(String... command) {
        return shown(place, command);
    }

    private static Launch shown(Workplace place, String... command) {
        List<String> words =
                new ArrayList<>(List.of("run", "--mode", "preload", "--at", "/nowhere/many", "many.velo", "--"));
        words.addAll(List.of(command));
        return place.velo(words.toArray(new String[0]));
    }

    private void ingest() throws Exception {
        place.velo("ingest", "many", "-q").run().succeeded();
        Outcome outcome = shown("true").run();
        assumeTrue(outcome.status() == 0, outcome.complaint());
    }

    private String expected() throws Exception {
        return place.shell("cd many && " + SUMS).run().succeeded().text();
    }

    private List<Path> objects() throws IOException {
        try (Stream<Path> files = Files.walk(place.store().resolve("objects"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** All open the same files in the same order: for each file they race. Equal contents with equal metadata are one inode. */
    @Test
    void twoHundredProcessesMakeEachObjectOnce() throws Exception {
        ingest();
        assertThat(objects()).isEmpty();
        String script = """
                for i in $(seq %d); do
                    ( read -r line <"$1"; cat f* | sha256sum; for f in f*; do exec 9<$f; stat -L -c '%%n %%i' /proc/self/fd/9; done | sha256sum ) &
                done
                echo ready >&2
                exec 8>"$1"; sleep 1; for i in $(seq %d); do echo go; done >&8
                wait
                """.formatted(PROCESSES, PROCESSES);
        Launch.program(place.caller(), temporary, "mkfifo", temporary + "/gate")
                .run()
                .succeeded();

        Launch.Started run =
                shown("sh", "-c", script, "sh", temporary + "/gate").start();
        assertThat(run.process().waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
        Outcome outcome = run.await().ended(0);

        assertThat(outcome.lines()).hasSize(2 * PROCESSES);
        assertThat(outcome.lines().stream().distinct())
                .hasSize(2)
                .contains(expected().strip());
        assertThat(objects()).hasSize(FILES).allMatch(object -> links(object) == 1);
        assertThat(place.problems()).isEmpty();
    }

    private static long links(Path file) {
        try {
            return ((Integer) Files.getAttribute(file, "unix:nlink")).longValue();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void killedAtAnyMomentItLeavesNothingWrongBehind() throws Exception {
        ingest();
        String expected = expected();
        Random random = new Random(7);

        for (int round = 0; round < Moments.rounds(ROUNDS); round++) {
            HostileTree.deleteTree(place.store().resolve("objects"));
            Files.createDirectory(place.store().resolve("objects"));
            place.caller().own(place.store().resolve("objects"));
            String delay = "0.0" + String.format(java.util.Locale.ROOT, "%03d", random.nextInt(400));
            shown(
                            "sh",
                            "-c",
                            "cat f* copy* >/dev/null & victim=$!; sleep " + delay
                                    + "; kill -KILL $victim; wait $victim; exit 0")
                    .run()
                    .ended(0);

            assertThat(place.problems()).as("killed after %s s", delay).isEmpty();
            if (round % 8 == 0) {
                assertThat(shown("sh", "-c", SUMS).run().succeeded().text()).isEqualTo(expected);
            }
        }
        assertThat(shown("sh", "-c", SUMS).run().succeeded().text()).isEqualTo(expected);
        assertThat(objects()).hasSize(FILES);
    }

    /** Inverts a byte of a file, in place. */
    private static void damage(Path file, long at) throws IOException {
        Object mode = Files.getAttribute(file, "unix:mode");
        Files.setAttribute(file, "unix:mode", 0600);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(~value);
        }
        Files.setAttribute(file, "unix:mode", (int) mode & 07777);
    }

    @Test
    void outOfADamagedPackComesNoWrongByteAndNothingIsKept() throws Exception {
        ingest();
        try (Stream<Path> packs = Files.list(place.store().resolve("packs"))) {
            damage(packs.findFirst().orElseThrow(), 100_000);
        }

        Outcome outcome = shown("sh", "-c", "for f in f*; do cmp $f " + temporary + "/many/$f || echo $f; done")
                .run()
                .ended(0);

        assertThat(outcome.lines()).hasSize(1);
        assertThat(outcome.complaint()).contains("Input/output error", "velo verify --contents");
        assertThat(objects()).hasSize(FILES - 1);
        assertThat(place.problems()).hasSize(1);
    }

    @Test
    void whoAsksForChecksGetsTheRightBytesThoughSomebodyHasChangedALooseFile() throws Exception {
        ingest();
        String expected = expected();
        shown("sh", "-c", SUMS).run().succeeded();
        damage(objects().getFirst(), 1000);
        assertThat(shown("sh", "-c", SUMS).run().succeeded().text()).isNotEqualTo(expected);

        for (String check : List.of("always", "first")) {
            Launch run = shown("sh", "-c", SUMS).with("VELO_VERIFY", check);
            assertThat(run.run().succeeded().text()).isEqualTo(expected);
        }
    }

    @Test
    void whoAsksForChecksGetsADamagedImageMadeAnew() throws Exception {
        ingest();
        String expected = shown("stat", "-c", "%n %a %s %Y", "f0", "copy1")
                .run()
                .succeeded()
                .text();
        Path image;
        try (Stream<Path> images = Files.list(place.store().resolve("images"))) {
            image = images.filter(file -> !file.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
        }
        for (long at = 1700; at < Files.size(image); at += Files.size(image) / 4) {
            damage(image, at);
            Launch run = shown("stat", "-c", "%n %a %s %Y", "f0", "copy1").with("VELO_VERIFY", "first");
            assertThat(run.run().succeeded().text()).isEqualTo(expected);
        }
        assertThat(place.problems()).isEmpty();
    }

    /** Files come out of sealed memory then. */
    @Test
    void aReaderOfSomebodyElsesStoreSeesTheTree() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can become somebody else");
        ingest();
        String expected = expected();
        Launch.program(Caller.ROOT, temporary, "chmod", "-R", "a+rX", temporary.toString())
                .run()
                .succeeded();
        Workplace other = new Workplace(Caller.USER, temporary);

        Outcome outcome = shown(
                        other, "sh", "-c", "id -u; " + SUMS + "; stat -c '%a %s' f0; readlink /proc/self/fd/9 9<f1")
                .run()
                .succeeded();

        assertThat(outcome.lines()).containsExactly("1000", expected.strip(), "644 " + BYTES, "/nowhere/many/f1");
        assertThat(objects()).isEmpty();
        assertThat(place.problems()).isEmpty();
    }

    @Test
    void aFullDiskIsNoReasonToFail() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can mount a disk");
        place.directory("disk");
        String script = "truncate -s " + DISK_MEBIBYTES
                + "M image && mkfs.ext4 -q -m 0 image && mount -o loop image disk && mkdir disk/store";
        assumeTrue(
                Launch.program(Caller.ROOT, temporary, "sh", "-c", script).run().status() == 0, "no loop devices");
        try {
            Files.createSymbolicLink(temporary.resolve("store"), Path.of("disk/store"));
            ingest();
            String expected = expected();
            Files.write(temporary.resolve("disk/filler"), new byte[1]);
            Launch.program(Caller.ROOT, temporary, "sh", "-c", "cat /dev/zero >disk/filler 2>/dev/null; sync; df disk")
                    .run();

            assertThat(shown("sh", "-c", SUMS).run().succeeded().text()).isEqualTo(expected);

            Files.delete(temporary.resolve("disk/filler"));
            assertThat(place.problems()).isEmpty();
            assertThat(shown("sh", "-c", SUMS).run().succeeded().text()).isEqualTo(expected);
            assertThat(place.problems()).isEmpty();
        } finally {
            Launch.program(Caller.ROOT, temporary, "umount", "disk").run();
        }
    }
}

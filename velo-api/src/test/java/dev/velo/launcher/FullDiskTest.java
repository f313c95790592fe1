package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store on a small disk of its own that fills up in the middle of things. */
final class FullDiskTest {
    private static final int DISK_MEBIBYTES = 24;

    /** What a directory that has grown, or a journal, may keep. */
    private static final long SLACK_BYTES = 300_000;

    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    /** What the disk is, and how a shell mounts it. */
    enum Disk {
        EXT4("truncate -s %dM image && mkfs.ext4 -q -m 0 image && mount -o loop image disk"),
        TMPFS("mount -t tmpfs -o size=%dM,mode=755 none disk");

        private final String script;

        Disk(String script) {
            this.script = script;
        }
    }

    private void mount(Disk disk) throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can mount a disk");
        place = Workplace.make(Caller.ROOT, temporary);
        place.directory("disk");
        String script = String.format(disk.script, DISK_MEBIBYTES);
        assumeTrue(
                Launch.program(Caller.ROOT, temporary, "sh", "-c", script).run().status() == 0,
                "no " + disk + " can be mounted here");
    }

    @AfterEach
    void unmountDisk() throws Exception {
        Launch.program(Caller.ROOT, temporary, "umount", "disk").run();
    }

    private void noise(Path file, int mebibytes, int seed) throws IOException {
        byte[] noise = new byte[mebibytes << 20];
        new Random(seed).nextBytes(noise);
        Files.write(file, noise);
    }

    private long free() throws IOException {
        return Files.getFileStore(temporary.resolve("disk")).getUnallocatedSpace();
    }

    private Launch velo(String command, String... words) {
        String[] all = new String[words.length + 3];
        all[0] = command;
        all[1] = "--store";
        all[2] = "disk/store";
        System.arraycopy(words, 0, all, 3, words.length);
        return place.velo(all);
    }

    @ParameterizedTest
    @EnumSource
    void anIngestThatDoesNotFitSaysSoAndLeavesTheStoreAndTheSpace(Disk disk) throws Exception {
        mount(disk);
        velo("ingest", "tree", "-q").run().succeeded();
        noise(place.tree().resolve("noise"), DISK_MEBIBYTES + 8, 3);
        long before = free();

        velo("ingest", "tree", "-o", "noise.velo")
                .run()
                .failed(1, "disk/store/packs", "No space left on device", "--store");

        assertThat(temporary.resolve("noise.velo")).doesNotExist();
        assertThat(free()).isGreaterThan(before - SLACK_BYTES);
        requireOrder();
        assertThat(velo("cat", "tree.velo", "greeting").run().succeeded().text())
                .isEqualTo("hello\n");
        Files.delete(place.tree().resolve("noise"));
        velo("ingest", "tree", "-q").run().succeeded();
    }

    @ParameterizedTest
    @EnumSource
    void packsOfAnIngestThatDidNotFitAreCollectedFromTheFullDisk(Disk disk) throws Exception {
        mount(disk);
        velo("ingest", "tree", "-q").run().succeeded();
        long before = free();
        for (int i = 0; i < DISK_MEBIBYTES + 8; i++) {
            noise(place.tree().resolve("noise" + i), 1, i);
        }

        velo("ingest", "tree", "--pack-size", "4", "-o", "noise.velo").run().failed(1, "No space left on device");
        requireOrder();
        velo("gc", "--delete", "--yes", "-q").run().succeeded();

        assertThat(free()).isGreaterThan(before - SLACK_BYTES);
        requireOrder();
        assertThat(velo("cat", "tree.velo", "greeting").run().succeeded().text())
                .isEqualTo("hello\n");
    }

    @ParameterizedTest
    @EnumSource
    void aFarmThatDoesNotFitSaysSoAndTheNextOneWorks(Disk disk) throws Exception {
        mount(disk);
        noise(place.tree().resolve("noise"), 9, 4);
        velo("ingest", "tree", "-q").run().succeeded();
        Path filler = temporary.resolve("disk/filler");
        noise(filler, 9, 4);
        long before = free();

        velo("run", "tree.velo", "--", "true").run().failed(125, "disk/store/objects", "No space left on device");
        assertThat(free()).isGreaterThan(before - SLACK_BYTES);
        requireOrder();
        Files.delete(filler);

        assertThat(velo("run", "tree.velo", "--", "cat", "greeting")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
    }

    private void requireOrder() throws IOException {
        assertThat(StoreOrder.problems(temporary.resolve("disk/store"))).isEmpty();
    }
}

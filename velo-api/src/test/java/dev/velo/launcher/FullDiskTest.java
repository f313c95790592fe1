package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a small disk of its own that fills up in the middle of things. */
final class FullDiskTest {
    private static final int DISK_MEBIBYTES = 24;

    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void mountDisk() throws Exception {
        assumeTrue(HostileTree.isRoot(), "only root can mount a disk");
        place = Workplace.make(Caller.ROOT, temporary);
        place.directory("disk");
        String script =
                "truncate -s " + DISK_MEBIBYTES + "M image && mkfs.ext4 -q -m 0 image && mount -o loop image disk";
        assumeTrue(
                Launch.program(Caller.ROOT, temporary, "sh", "-c", script).run().status() == 0, "no loop devices");
    }

    @AfterEach
    void unmountDisk() throws Exception {
        Launch.program(Caller.ROOT, temporary, "umount", "disk").run();
    }

    @Test
    void anIngestThatDoesNotFitSaysSoAndLeavesTheStoreWhole() throws Exception {
        Workplace small = new Workplace(Caller.ROOT, temporary.resolve("disk"));
        Launch first = place.velo("ingest", "--store", "disk/store", "tree", "-q");
        first.run().succeeded();
        byte[] noise = new byte[(DISK_MEBIBYTES + 8) << 20];
        new Random(3).nextBytes(noise);
        Files.write(place.tree().resolve("noise"), noise);

        place.velo("ingest", "--store", "disk/store", "tree", "--pack-size", "4", "-o", "noise.velo")
                .run()
                .failed(1, "No space left on device", "--store");

        assertThat(temporary.resolve("noise.velo")).doesNotExist();
        assertThat(small.problems()).isEmpty();
        assertThat(place.velo("cat", "--store", "disk/store", "tree.velo", "greeting")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
        Files.delete(place.tree().resolve("noise"));
        place.velo("ingest", "--store", "disk/store", "tree", "-q").run().succeeded();
    }

    @Test
    void aFarmThatDoesNotFitSaysSoAndTheNextOneWorks() throws Exception {
        byte[] noise = new byte[9 << 20];
        new Random(4).nextBytes(noise);
        Files.write(place.tree().resolve("noise"), noise);
        place.velo("ingest", "--store", "disk/store", "tree", "-q").run().succeeded();
        Path filler = temporary.resolve("disk/filler");
        Files.write(filler, noise);

        place.velo("run", "--store", "disk/store", "tree.velo", "--", "true")
                .run()
                .failed(125, "No space left on device");
        Files.delete(filler);

        assertThat(place.velo("run", "--store", "disk/store", "tree.velo", "--", "cat", "greeting")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
    }
}

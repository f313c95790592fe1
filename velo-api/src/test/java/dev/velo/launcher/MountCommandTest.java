package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees mounted by the kernel: by a run, at a directory, and taken away again. */
final class MountCommandTest {
    @TempDir
    private Path temporary;

    @Test
    void aRunTellsHowTheTreeIsShown() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        Outcome run = place.velo("run", "-v", "--mode", "auto", "tree.velo", "--", "stat", "-f", "-c", "%T", ".")
                .run()
                .ended(0);
        assertThat(run.complaint()).contains("velo: by mount");
        assertThat(new String(run.output(), StandardCharsets.UTF_8)).contains("erofs");
        Outcome link = place.velo("run", "-v", "--mode", "link", "tree.velo", "--", "cat", "greeting")
                .run()
                .ended(0);
        assertThat(link.complaint()).contains("velo: by link");
    }

    @Test
    void whatIsReadAheadDoesNotDisturb() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        Outcome run = place.velo("run", "--mode", "mount", "--prefetch", "tree.velo", "--", "cat", "greeting")
                .run()
                .succeeded();
        assertThat(run.output()).asString().isEqualTo("hello\n");
    }

    @Test
    void aTreeIsMountedAtADirectoryUntilItIsUnmounted() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        Path shown = place.directory("shown");
        place.velo("mount", "tree.velo", "shown").run().succeeded();
        assertThat(shown.resolve("greeting")).hasContent("hello\n");
        assertThat(Files.isWritable(shown.resolve("greeting"))).isFalse();
        place.velo("umount", "shown").run().succeeded();
        assertThat(shown).isEmptyDirectory();
        place.velo("umount", "shown").run().failed(1, "shown", "nothing is mounted");
        place.velo("umount", "/proc").run().failed(1, "/proc", "not Velo's");
    }

    @Test
    void writesAreThrownAwayOrKept() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        Path shown = place.directory("shown");
        place.velo("mount", "--writable", "tree.velo", "shown").run().succeeded();
        Files.writeString(shown.resolve("greeting"), "changed");
        place.velo("umount", "shown").run().succeeded();
        place.velo("mount", "--upper", "upper", "tree.velo", "shown").run().succeeded();
        assertThat(shown.resolve("greeting")).hasContent("hello\n");
        Files.writeString(shown.resolve("greeting"), "kept");
        place.velo("umount", "shown").run().succeeded();
        place.velo("mount", "--upper", "upper", "tree.velo", "shown").run().succeeded();
        assertThat(shown.resolve("greeting")).hasContent("kept");
        place.velo("umount", "shown").run().succeeded();
        assertThat(place.tree().resolve("greeting")).hasContent("hello\n");
        assertThat(place.problems()).isEmpty();
    }

    @Test
    void anIdleStoreCanBeUnmountedAndDeleted() throws Exception {
        Workplace place = Workplace.mounting(temporary);
        place.velo("umount", "--idle").run().succeeded();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(place.store().toString());
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo base} on the command line. */
@Execution(ExecutionMode.CONCURRENT)
final class BaseCommandTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void make() throws Exception {
        place = Workplace.make(Caller.USER, temporary);
    }

    @Test
    void aBusyboxBecomesASystemThatRuns() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "busybox is not installed");

        String said = place.velo("base", "busybox").run().succeeded().text();

        assertThat(said).contains(temporary + "/busybox.velo", "5 files");
        place.velo("checkout", "-q", "--copy", "busybox.velo", "out").run().succeeded();
        assertThat(Launch.program(place.caller(), temporary, "out/bin/sh", "-c", "echo $((6 * 7))")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("42\n");
        assertThat(place.velo("ls", "busybox.velo", "etc").run().succeeded().lines())
                .containsExactly("group", "hosts", "nsswitch.conf", "passwd");
    }

    @Test
    void whatIsNoBusyboxIsRefused() throws Exception {
        place.velo("base", "busybox", "/bin/sh").run().failed(1, "/bin/sh", "is linked dynamically", "busybox-static");
        place.velo("base", "busybox", "nowhere").run().failed(1, temporary + "/nowhere", "No such file");
        place.velo("base").run().failed(2, "busybox", "rootfs");
        place.velo("base", "frobnicate").run().ended(2);
        assertThat(place.velo("base", "--help").run().succeeded().text()).contains("busybox", "rootfs");
    }

    @Test
    void aDirectoryComesBackAsItWas() throws Exception {
        place.velo("base", "rootfs", "tree").run().succeeded();
        place.velo("checkout", "-q", "--copy", "tree.velo", "out").run().succeeded();

        Launch.program(place.caller(), temporary, "diff", "-r", "--no-dereference", "tree", "out")
                .run()
                .succeeded();
    }

    @Test
    void aDirectoryAndItsArchivesAreOneTree() throws Exception {
        Launch.program(place.caller(), temporary, "tar", "-C", "tree", "-czf", "a.tar.gz", ".")
                .run()
                .succeeded();
        Launch.program(place.caller(), temporary, "tar", "-C", "tree", "-cJf", "a.txz", ".")
                .run()
                .succeeded();

        place.velo("base", "rootfs", "-q", "--owner", "squash", "--mtime", "@0", "tree")
                .run()
                .succeeded();
        place.velo("base", "rootfs", "-q", "--owner", "squash", "--mtime", "@0", "a.tar.gz")
                .run()
                .succeeded();
        place.velo("base", "rootfs", "-q", "--owner", "squash", "--mtime", "@0", "a.txz", "-o", "b.velo")
                .run()
                .succeeded();
        place.shell("tar -C tree -cf - . | \"$@\" base rootfs -q --owner squash --mtime @0 - -o c.velo")
                .run()
                .succeeded();

        for (String other : new String[] {"a.velo", "b.velo", "c.velo"}) {
            assertThat(temporary.resolve(other)).hasSameBinaryContentAs(temporary.resolve("tree.velo"));
        }
        assertThat(place.problems()).isEmpty();
    }

    @Test
    void anArchiveKeepsOwnersAndADirectoryOfAUserDoesNot() throws Exception {
        Launch.program(place.caller(), temporary, "tar", "-C", "tree", "--owner=0", "--group=42", "-cf", "a.tar", ".")
                .run()
                .succeeded();
        place.velo("base", "rootfs", "-q", "a.tar").run().succeeded();
        place.velo("base", "rootfs", "-q", "tree").run().succeeded();

        assertThat(place.velo("stat", "a.velo", "greeting").run().succeeded().lines())
                .contains("owner: 0:42");
        assertThat(place.velo("stat", "tree.velo", "greeting").run().succeeded().text())
                .doesNotContain("owner");
    }

    @Test
    void aDirectoryOfRootKeepsOwners() throws Exception {
        assumeTrue(HostileTree.isRoot(), "root is needed");
        Path own = Files.createDirectory(temporary.resolve("root"));
        Workplace root = Workplace.make(Caller.ROOT, own);
        root.velo("base", "rootfs", "-q", "tree").run().succeeded();

        assertThat(root.velo("stat", "tree.velo", "greeting").run().succeeded().lines())
                .contains("owner: 0:0");
    }

    @Test
    void anArchiveThatIsNoneLeavesNothingBehind() throws Exception {
        place.file("text.tar", "just text\n".repeat(100));
        place.velo("base", "rootfs", "text.tar").run().failed(1, temporary + "/text.tar", "no tar archive");
        place.velo("base", "rootfs", "nowhere.tar").run().failed(1, temporary + "/nowhere.tar", "No such file");
        place.velo("base", "rootfs", "-").input(new byte[0]).run().failed(2, "-o");
        place.velo("base", "rootfs", "-", "-o", "x.velo")
                .input(new byte[0])
                .run()
                .failed(1, "standard input", "empty");

        assertThat(Workplace.names(temporary)).doesNotContain("text.velo", "x.velo");
        assertThat(Workplace.names(place.store().resolve("packs"))).isEmpty();
    }

    @Test
    void aProgramThatIsMissingIsNamed() throws Exception {
        Files.write(temporary.resolve("a.tar.zst"), new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0, 0, 0});
        place.velo("base", "rootfs", "a.tar.zst")
                .with("PATH", "/nowhere")
                .run()
                .failed(1, temporary + "/a.tar.zst", "zstd", "install");
    }

    @Test
    void theSummaryCanBeRead() throws Exception {
        Map<String, Object> summary = JsonText.object(
                place.velo("base", "rootfs", "--json", "tree").run().succeeded());
        assertThat(summary).containsEntry("manifest", temporary + "/tree.velo").containsEntry("files", 4L);
    }
}

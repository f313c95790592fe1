package dev.velo.core.ingest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.MountCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file system mounted for one test, which is skipped where that cannot be had. Closing it unmounts. */
public final class TestMount implements AutoCloseable {
    private final Path point;

    private TestMount(Path point) {
        this.point = point;
    }

    public static TestMount tmpfs(Path point) {
        return mount(point, "tmpfs", null);
    }

    /** An overlay of new directories beside the mount point; the lower one is returned filled by the caller. */
    public static TestMount overlay(Path point, Path lower) throws IOException {
        Path upper = Files.createDirectory(point.resolveSibling("upper"));
        Path work = Files.createDirectory(point.resolveSibling("work"));
        return mount(point, "overlay", "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work);
    }

    /** A writable overlay as Velo makes it: {@code upper} and {@code work} are made if they are missing. */
    public static TestMount userOverlay(Path point, Path lower, Path upper, Path work) throws IOException {
        Files.createDirectories(upper);
        Files.createDirectories(work);
        return mount(point, "overlay", "userxattr,lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work);
    }

    /** The layers over one another, read-only. */
    public static TestMount layers(Path point, List<Path> upperFirst) {
        String lower = String.join(":", upperFirst.stream().map(Path::toString).toList());
        return mount(point, "overlay", "userxattr,lowerdir=" + lower);
    }

    /** A new ext4 of so many MiB in an image file beside the mount point. */
    public static TestMount ext4(Path point, int mebibytes, String... options) throws IOException {
        Path image = image(point, mebibytes);
        List<String> command = new ArrayList<>(List.of("mkfs.ext4", "-q", "-F"));
        command.addAll(List.of(options));
        command.add(image.toString());
        return loop(point, image, command);
    }

    /** The image that was mounted at this point before, read-only: nothing of its files is in memory. */
    public static TestMount again(Path point) throws IOException {
        Path image = point.resolveSibling(point.getFileName() + ".img");
        assumeTrue(
                run(List.of("mount", "-o", "loop,ro", image.toString(), point.toString())) == 0,
                "no loop device can be had");
        return new TestMount(point);
    }

    /** A new file system that can share blocks, XFS or Btrfs, whichever can be had. */
    public static TestMount reflinking(Path point) throws IOException {
        Path image = image(point, 400);
        boolean xfs = isInstalled("mkfs.xfs");
        assumeTrue(xfs || isInstalled("mkfs.btrfs"), "neither mkfs.xfs nor mkfs.btrfs is installed");
        return loop(
                point,
                image,
                xfs
                        ? List.of("mkfs.xfs", "-q", "-m", "reflink=1", image.toString())
                        : List.of("mkfs.btrfs", "-q", image.toString()));
    }

    private static TestMount loop(Path point, Path image, List<String> make) throws IOException {
        assumeTrue(HostileTree.isRoot(), "only root can mount an image");
        assumeTrue(isInstalled(make.get(0)), make.get(0) + " is not installed");
        assumeTrue(run(make) == 0, make.get(0) + " fails here");
        assumeTrue(
                run(List.of("mount", "-o", "loop", image.toString(), point.toString())) == 0,
                "no loop device can be had");
        return new TestMount(point);
    }

    private static TestMount mount(Path point, String type, @Nullable String data) {
        assumeTrue(HostileTree.isRoot(), "only root can mount a " + type);
        try {
            MountCalls.mount(
                    TestStore.bytes(Path.of("/none")),
                    TestStore.bytes(point),
                    type,
                    0,
                    data == null ? null : PathBytes.of(data));
        } catch (ErrnoException e) {
            assumeTrue(false, "no " + type + " can be mounted here: " + e.getMessage());
        }
        return new TestMount(point);
    }

    private static Path image(Path point, int mebibytes) throws IOException {
        Path image = point.resolveSibling(point.getFileName() + ".img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        return image;
    }

    private static boolean isInstalled(String program) {
        return List.of("/sbin", "/usr/sbin", "/usr/bin", "/usr/local/sbin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static int run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    public Path point() {
        return point;
    }

    @Override
    public void close() throws IOException {
        MountCalls.umount2(TestStore.bytes(point), MountCalls.MNT_DETACH);
    }
}

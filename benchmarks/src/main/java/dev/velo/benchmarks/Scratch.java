package dev.velo.benchmarks;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a measurement works. Every round gets a fresh folder, and nothing is deleted in between: ext4 creates files many times slower
 * for minutes after big trees were deleted.
 */
final class Scratch {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Scratch() {}

    /** The tree to measure on. */
    static byte[] tree() throws IOException {
        String tree = System.getProperty("velo.tree");
        if (tree == null) {
            throw new IOException("name the tree to measure on: -Dvelo.tree=DIR");
        }
        return PathBytes.of(Path.of(tree).toRealPath());
    }

    /** The path of a new folder, which is not there yet. */
    static byte[] fresh() throws IOException {
        Path base = Path.of(System.getProperty("velo.scratch", "/var/tmp/velo-benchmarks"));
        Files.createDirectories(base);
        return PathBytes.of(base.resolve(ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet()));
    }
}

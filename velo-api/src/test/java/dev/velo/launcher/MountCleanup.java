package dev.velo.launcher;

import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.MountCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Unmounts what a test has left mounted in its workplaces: a store keeps images mounted for the next run. */
public final class MountCleanup implements AfterEachCallback, AfterAllCallback {
    private static final ThreadLocal<Set<String>> FOLDERS = ThreadLocal.withInitial(HashSet::new);

    /** The folder is emptied of mounts after each test of this thread. */
    public static void watch(Path folder) {
        FOLDERS.get().add(folder + "/");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        unmount();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        unmount();
    }

    private static void unmount() throws IOException {
        List<String> points = Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                .map(line -> line.split(" ", 6)[4])
                .filter(point -> FOLDERS.get().stream().anyMatch(point::startsWith))
                .toList();
        for (String point : points.reversed()) {
            try {
                MountCalls.umount2(point.getBytes(StandardCharsets.ISO_8859_1), MountCalls.MNT_DETACH);
            } catch (ErrnoException e) {
                // it went with the one that it stood in
                if (e.errno() != Errno.EINVAL) {
                    throw e;
                }
            }
        }
    }
}

package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A command that a runner has started in namespaces of its own.
 *
 * @param process its number here
 * @param different flags ({@code CLONE_NEW*}) of those namespaces that differ from this process's
 */
public record RunnerChild(int process, long different) {

    /** The child of this runner that has other mounts than this process; null if it has ended, or is not there yet. */
    public static @Nullable RunnerChild of(int runner) throws IOException {
        String id = Integer.toString(runner);
        String children;
        try {
            children = Files.readString(Path.of("/proc", id, "task", id, "children"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return null; // ended meanwhile
        }
        for (String child : children.strip().split(" ", -1)) {
            if (child.isEmpty()) {
                continue;
            }
            long flags = flag(child, "mnt", PlanBuilder.CLONE_NEWNS);
            if (flags != 0) {
                return new RunnerChild(Integer.parseInt(child), flags | flag(child, "user", PlanBuilder.CLONE_NEWUSER));
            }
        }
        return null;
    }

    private static long flag(String process, String namespace, long flag) throws ErrnoException {
        byte[] theirs = PathBytes.of("/proc/" + process + "/ns/" + namespace);
        byte[] own = PathBytes.of("/proc/self/ns/" + namespace);
        try {
            boolean same = Arrays.equals(
                    LinkCalls.readlinkat(FileCalls.AT_FDCWD, theirs), LinkCalls.readlinkat(FileCalls.AT_FDCWD, own));
            return same ? 0 : flag;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH || e.errno() == Errno.EACCES) {
                return 0;
            }
            throw e;
        }
    }
}

package dev.velo.core.present;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How much may be read ahead without pushing out what is in use. */
final class FreeMemory {
    private static final String AVAILABLE = "MemAvailable:";

    private FreeMemory() {}

    /** What the kernel says new programs can have without swapping. */
    static long available() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith(AVAILABLE)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        return Long.MAX_VALUE;
    }

    /** The first of these ranges, up to that many bytes in all. */
    static List<FileRange> within(long limit, List<FileRange> ranges) {
        List<FileRange> taken = new ArrayList<>();
        long left = limit;
        for (FileRange range : ranges) {
            long length = Math.min(left, range.length());
            if (length > 0) {
                taken.add(new FileRange(range.path(), range.offset(), length));
                left -= length;
            }
        }
        return taken;
    }
}

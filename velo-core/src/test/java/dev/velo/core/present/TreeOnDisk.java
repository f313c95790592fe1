package dev.velo.core.present;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.PresentedTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MemoryCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A tree that the kernel shows to every process: a farm or a mount. */
record TreeOnDisk(ShownTree shown) implements PresentedTree {
    private static final int PAGE_BYTES = 4096;
    private static final TreeComparison.Options EXACTLY =
            TreeComparison.Options.standard().with(Aspect.OWNER).without(Aspect.SOCKETS);

    Path root() {
        return Path.of(PathBytes.show(shown.tree()));
    }

    @Override
    public List<String> differences(Path original) throws IOException {
        return TreeComparison.differences(original, root(), EXACTLY);
    }

    @Override
    public List<String> names(String directory) throws IOException {
        try (Stream<Path> listed = Files.list(root().resolve(directory))) {
            return listed.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public long size(String file) throws IOException {
        return Files.size(root().resolve(file));
    }

    @Override
    public byte[] read(String file, long offset, int count) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(root().resolve(file).toFile(), "r")) {
            opened.seek(offset);
            byte[] bytes = new byte[count];
            return Arrays.copyOf(bytes, Math.max(0, opened.read(bytes)));
        }
    }

    @Override
    public byte[] lastPage(String file) throws IOException {
        int fd = FileCalls.openat(FileCalls.AT_FDCWD, TestStore.bytes(root().resolve(file)), FileCalls.O_RDONLY, 0);
        try {
            long start = (size(file) - 1) & -PAGE_BYTES;
            MemorySegment page = MemoryCalls.mmap(PAGE_BYTES, MemoryCalls.PROT_READ, MemoryCalls.MAP_SHARED, fd, start);
            byte[] bytes = page.toArray(ValueLayout.JAVA_BYTE);
            MemoryCalls.munmap(page);
            return bytes;
        } finally {
            FileCalls.close(fd);
        }
    }

    @Override
    public void close() {
        shown.close();
    }
}

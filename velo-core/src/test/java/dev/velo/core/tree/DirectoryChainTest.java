package dev.velo.core.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A chain of 2,500 directories d, each with a directory e beside the next d.
 *
 * <pre>
 * root         0
 * ├── d        1
 * │   ├── d    2 …
 * │   └── e    2,502
 * └── e        2,501
 * </pre>
 */
class DirectoryChainTest {
    private static final int LEVELS = 2_500;
    private static final int READ = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;

    private final MemorySegment names = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, new byte[] {'d', 0, 'e', 0});
    private final long[] inodes = new long[2 * LEVELS + 1];
    private final TreeShape shape = new TreeShape() {
        @Override
        public int parent(int directory) {
            return directory <= LEVELS ? directory - 1 : directory - LEVELS - 1;
        }

        @Override
        public long nameAddress(int directory) {
            return names.address() + (directory <= LEVELS ? 0 : 2);
        }
    };

    private Path root = Path.of("");
    private Descriptor rootDescriptor;

    @BeforeEach
    void makeChain() throws IOException {
        root = TestStore.folderInMemory();
        rootDescriptor = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, PathBytes.of(root), READ, 0));
        inodes[0] = inode(rootDescriptor.fd());
        int fd = FileCalls.openat(rootDescriptor.fd(), PathBytes.of("."), READ, 0);
        for (int level = 1; level <= LEVELS; level++) {
            LinkCalls.mkdirat(fd, PathBytes.of("e"), 0700);
            int other = FileCalls.openat(fd, PathBytes.of("e"), READ, 0);
            inodes[LEVELS + level] = inode(other);
            FileCalls.close(other);
            LinkCalls.mkdirat(fd, PathBytes.of("d"), 0700);
            int next = FileCalls.openat(fd, PathBytes.of("d"), READ, 0);
            FileCalls.close(fd);
            fd = next;
            inodes[level] = inode(fd);
        }
        FileCalls.close(fd);
    }

    @AfterEach
    void deleteChain() throws IOException {
        rootDescriptor.close();
        HostileTree.deleteTree(root);
    }

    private static long inode(int fd) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.fstatx(fd, stat);
        return stat.inode();
    }

    private static int descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null ? -1 : open.length;
    }

    @Test
    void everyDirectoryIsReachedInOrderAndAtRandom() throws IOException {
        try (DirectoryChain chain = new DirectoryChain(shape, 0, rootDescriptor.fd())) {
            for (int directory = 0; directory <= 2 * LEVELS; directory++) {
                if (directory <= LEVELS || directory % 25 == 0) {
                    assertThat(inode(chain.open(directory))).isEqualTo(inodes[directory]);
                }
            }
            for (int directory :
                    new SplittableRandom(1).ints(60, 0, inodes.length).toArray()) {
                assertThat(inode(chain.open(directory))).isEqualTo(inodes[directory]);
            }
        }
    }

    @Test
    void fewDescriptorsAreOpenAndNoneIsLeft() throws IOException {
        int before = descriptors();
        try (DirectoryChain chain = new DirectoryChain(shape, 0, rootDescriptor.fd())) {
            chain.open(LEVELS);
            assertThat(descriptors() - before).isBetween(1, 70);
            chain.open(2 * LEVELS);
            assertThat(descriptors() - before).isBetween(1, 70);
        }
        assertThat(descriptors() - before).isLessThanOrEqualTo(3);
        assertThat(inode(rootDescriptor.fd())).isEqualTo(inodes[0]);
    }

    @Test
    void aDirectoryReplacedByASymlinkIsNotEntered() throws IOException {
        try (DirectoryChain chain = new DirectoryChain(shape, 0, rootDescriptor.fd())) {
            Files.delete(root.resolve("e"));
            Files.createSymbolicLink(root.resolve("e"), root.resolve("d"));
            assertThatThrownBy(() -> chain.open(LEVELS + 1)).isInstanceOf(ErrnoException.class);
            // and the chain goes on as if nothing had been
            assertThat(inode(chain.open(LEVELS + 2))).isEqualTo(inodes[LEVELS + 2]);
        }
    }
}

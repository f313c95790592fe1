package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.TestMount;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.testing.TreeComparison;
import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.testing.TreeComparison.LinkGroups;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checkouts as hard links: read-only, shared among themselves, and never with what farms show. */
class LinkCheckoutTest {
    /** {@code u::rw-,u:1000:rw-,g::r--,m::rw-,o::r--} as {@code system.posix_acl_access}. */
    private static final byte[] WRITABLE_BY_1000 = {
        2,
        0,
        0,
        0,
        1,
        0,
        6,
        0,
        -1,
        -1,
        -1,
        -1,
        2,
        0,
        6,
        0,
        (byte) 0xe8,
        3,
        0,
        0,
        4,
        0,
        4,
        0,
        -1,
        -1,
        -1,
        -1,
        16,
        0,
        6,
        0,
        -1,
        -1,
        -1,
        -1,
        32,
        0,
        4,
        0,
        -1,
        -1,
        -1,
        -1
    };

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    private CheckoutReport link(Path target) throws IOException {
        return store.checkout(store.manifest(tree), target, CheckoutMode.LINK, TestStore.EXACT);
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private void fill() throws IOException {
        for (int i = 0; i < 30; i++) {
            Path folder = Files.createDirectories(tree.resolve("folder-" + i % 4));
            Files.writeString(folder.resolve("file-" + i), "content " + i % 20);
        }
        Files.createFile(tree.resolve("empty"));
        store.ingest(tree);
    }

    @Test
    void aHostileTreeIsTheSameButForWriteBits() throws IOException {
        HostileTree.generate(tree, HostileTree.Options.small().withEntries(1_500));
        store.ingest(tree);
        Path linked = store.folder().resolve("linked");
        CheckoutReport report = link(linked);
        assertThat(report.linked()).isEqualTo(report.files()).isPositive();
        TreeComparison.Options butModes = TreeComparison.Options.standard()
                .with(LinkGroups.EXACT)
                .with(Aspect.OWNER, Aspect.HOLES)
                .without(Aspect.MODE, Aspect.ATTRIBUTES);
        assertThat(TreeComparison.differences(tree, linked, butModes)).isEmpty();
        for (Path file : files(linked.resolve("bulk"))) {
            int wanted = (int) Files.getAttribute(tree.resolve(linked.relativize(file)), "unix:mode");
            boolean empty = Files.size(file) == 0;
            assertThat((int) Files.getAttribute(file, "unix:mode")).isEqualTo(empty ? wanted : wanted & ~0222);
        }
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void checkoutsShareInodesWithEachOtherButNotWithFarms() throws IOException {
        fill();
        Path one = store.folder().resolve("one");
        Path two = store.folder().resolve("two");
        assertThat(link(one).made()).isEqualTo(30);
        assertThat(link(two).made()).isZero();
        assertThat(inode(one.resolve("folder-0/file-0"))).isEqualTo(inode(two.resolve("folder-0/file-0")));
        store.farm(store.ingest(tree), tree, TestStore.EXACT);
        Set<Object> objects = new HashSet<>();
        for (Path object : store.files(Store.Room.OBJECTS)) {
            objects.add(inode(object));
        }
        assertThat(objects).hasSize(30);
        for (Path handed : store.files(Store.Room.HANDED)) {
            assertThat(objects).doesNotContain(inode(handed));
            assertThat((int) Files.getAttribute(handed, "unix:mode") & 0222).isZero();
        }
    }

    @Test
    void equalFilesOfOneTreeStayDifferentFiles() throws IOException {
        fill();
        Path linked = store.folder().resolve("linked");
        link(linked);
        Set<Object> inodes = new HashSet<>();
        for (Path file : files(linked)) {
            inodes.add(inode(file));
        }
        assertThat(inodes).hasSize(31);
    }

    @Test
    void emptyFilesAreNeverLinked() throws IOException {
        fill();
        Path linked = store.folder().resolve("linked");
        CheckoutReport report = link(linked);
        assertThat(report.files()).isEqualTo(30);
        assertThat(Files.getAttribute(linked.resolve("empty"), "unix:nlink")).isEqualTo(1);
        assertThat((int) Files.getAttribute(linked.resolve("empty"), "unix:mode") & 0200)
                .isPositive();
    }

    @Test
    void anAccessListGivesNoWritePermissionEither() throws IOException {
        Path file = Files.writeString(tree.resolve("file"), "content");
        AttributeCalls.lsetxattr(TestStore.bytes(file), PathBytes.of("system.posix_acl_access"), WRITABLE_BY_1000);
        store.ingest(tree);
        Path linked = store.folder().resolve("linked");
        link(linked);
        assertThat((int) Files.getAttribute(linked.resolve("file"), "unix:mode") & 0777)
                .isEqualTo(0444);
    }

    @Test
    void onAnotherFileSystemFilesAreCopiedWhichIsTold() throws IOException {
        fill();
        try (TestMount mount = TestMount.tmpfs(store.directory("point"))) {
            Path target = mount.point().resolve("out");
            CheckoutReport report = link(target);
            assertThat(report.linked()).isZero();
            assertThat(report.copied()).isEqualTo(30);
            assertThat(report.warnings()).singleElement().asString().contains("30 files were copied");
            // one attempt for each thread, not a loose inode for each file
            assertThat(report.made()).isLessThanOrEqualTo(4);
            assertThat(TreeComparison.differences(
                            tree, target, TreeComparison.Options.standard().without(Aspect.MODE)))
                    .isEmpty();
            for (Path file : files(target)) {
                assertThat(Files.size(file) == 0 || ((int) Files.getAttribute(file, "unix:mode") & 0222) == 0)
                        .isTrue();
            }
        }
    }
}

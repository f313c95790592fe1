package dev.velo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.testing.TreeComparison.LinkGroups;
import dev.velo.core.testing.TreeComparison.Options;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two trees that are equal but for one thing at a time.
 *
 * <pre>
 * left/, right/
 * └── d/    changed as the test says
 * </pre>
 */
class TreeComparisonTest {
    private static final Stamp PLAIN = Stamp.plain(0644);

    @FunctionalInterface
    private interface Content {
        void addTo(TreeDirectory directory) throws IOException;
    }

    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createTempDirectory("comparison");
    }

    @AfterEach
    void deleteRoot() throws IOException {
        HostileTree.deleteTree(root);
    }

    private void make(String side, Stamp stamp, Content content) throws IOException {
        Path path = Files.createDirectory(root.resolve(side));
        try (TreeDirectory top = TreeDirectory.root(new FixtureLog(), TreeDirectory.bytes(path.toString()));
                TreeDirectory directory = top.directory("d")) {
            directory.stamped(stamp);
            content.addTo(directory);
        }
    }

    private List<String> compare(Options options, Content left, Content right) throws IOException {
        make("left", Stamp.plain(0755), left);
        make("right", Stamp.plain(0755), right);
        return TreeComparison.differences(root.resolve("left"), root.resolve("right"), options);
    }

    private List<String> compare(Content left, Content right) throws IOException {
        return compare(Options.standard(), left, right);
    }

    private static Content file(String name, byte[] content, Stamp stamp) {
        return directory -> directory.file(name, content, stamp);
    }

    private static Content file(Stamp stamp) {
        return file("f", new byte[] {1, 2, 3}, stamp);
    }

    @Test
    void equalTreesHaveNoDifferences() throws IOException {
        assertThat(compare(file(PLAIN), file(PLAIN))).isEmpty();
    }

    @Test
    void aNameOnOneSideOnly() throws IOException {
        assertThat(compare(file("a", new byte[0], PLAIN), file("b\n", new byte[0], PLAIN)))
                .containsExactly("./d/a: only on the left", "./d/b\\x0a: only on the right");
    }

    @Test
    void anotherType() throws IOException {
        assertThat(compare(file("x", new byte[0], PLAIN), directory -> directory.fifo("x", PLAIN)))
                .containsExactly("./d/x: type 100000 on the left, 10000 on the right");
    }

    @Test
    void anotherMode() throws IOException {
        assertThat(compare(file(PLAIN), file(Stamp.plain(04644))))
                .containsExactly("./d/f: mode 100644 on the left, 104644 on the right");
    }

    @Test
    void anotherNanosecond() throws IOException {
        assertThat(compare(file(PLAIN.at(5, 1)), file(PLAIN.at(5, 2))))
                .containsExactly("./d/f: mtime nanoseconds 1 on the left, 2 on the right");
    }

    @Test
    void anotherSecondOfASymlinkBefore1970() throws IOException {
        assertThat(compare(
                        directory -> directory.symlink("s", "t", PLAIN.at(-2, 0)),
                        directory -> directory.symlink("s", "t", PLAIN.at(-1, 0))))
                .containsExactly("./d/s: mtime seconds -2 on the left, -1 on the right");
    }

    @Test
    void anotherTimeOrModeOfADirectory() throws IOException {
        make("left", Stamp.plain(0755), directory -> {});
        make("right", Stamp.plain(0750).at(1, 1), directory -> {});
        assertThat(TreeComparison.differences(root.resolve("left"), root.resolve("right")))
                .hasSize(3)
                .allMatch(difference -> difference.startsWith("./d: m"));
    }

    @Test
    void theRootsThemselvesUnlessNotAsked() throws IOException {
        make("left", Stamp.plain(0755), directory -> {});
        make("right", Stamp.plain(0755), directory -> {});
        Path right = root.resolve("right");
        Files.setAttribute(right, "unix:mode", 0700);
        assertThat(TreeComparison.differences(root.resolve("left"), right))
                .containsExactly(".: mode 40755 on the left, 40700 on the right");
        assertThat(TreeComparison.differences(
                        root.resolve("left"), right, Options.standard().without(Aspect.ROOT)))
                .isEmpty();
    }

    @Test
    void anotherSize() throws IOException {
        assertThat(compare(file("f", new byte[3], PLAIN), file("f", new byte[4], PLAIN)))
                .containsExactly("./d/f: size 3 on the left, 4 on the right");
    }

    @Test
    void anotherByteFarInside() throws IOException {
        byte[] changed = new byte[700_000];
        changed[600_001] = 1;
        assertThat(compare(file("f", new byte[700_000], PLAIN), file("f", changed, PLAIN)))
                .containsExactly("./d/f: content differs from byte 600001");
    }

    @Test
    void aByteInTheHoleOfALargeFile() throws IOException {
        List<String> differences = compare(directory -> sparse(directory, 1L << 30), directory -> {
            try (TreeFile file = directory.file("f")) {
                file.extendTo(1L << 30);
                file.write((1 << 29) + 5, new byte[] {1});
                file.stamp(PLAIN);
            }
        });
        assertThat(differences).containsExactly("./d/f: content differs from byte " + ((1 << 29) + 5));
    }

    private static void sparse(TreeDirectory directory, long length) throws IOException {
        try (TreeFile file = directory.file("f")) {
            file.extendTo(length);
            file.stamp(PLAIN);
        }
    }

    @Test
    void zerosThatAreNoHoleIfAsked() throws IOException {
        Content hole = directory -> sparse(directory, 200_000);
        Content zeros = file("f", new byte[200_000], PLAIN);
        assertThat(compare(Options.standard().with(Aspect.HOLES), hole, zeros))
                .containsExactly("./d/f: zeros that are no hole on the right, at byte 0");
        assertThat(TreeComparison.differences(root.resolve("left"), root.resolve("right")))
                .isEmpty();
        assertThat(TreeComparison.differences(
                        root.resolve("right"),
                        root.resolve("left"),
                        Options.standard().with(Aspect.HOLES)))
                .isEmpty();
    }

    @Test
    void anotherTarget() throws IOException {
        assertThat(compare(
                        directory -> directory.symlink("s", "one", PLAIN),
                        directory -> directory.symlink("s", "two", PLAIN)))
                .containsExactly("./d/s: target one on the left, two on the right");
    }

    @Test
    void anotherDevice() throws IOException {
        assumeTrue(HostileTree.isRoot());
        assertThat(compare(directory -> device(directory, 1), directory -> device(directory, 70_000)))
                .containsExactly("./d/n: device " + ((300L << 32) + 1) + " on the left, " + ((300L << 32) + 70_000)
                        + " on the right");
    }

    private static void device(TreeDirectory directory, int minor) throws IOException {
        directory.node(TreeDirectory.bytes("n"), Statx.S_IFBLK, 300, minor, PLAIN);
    }

    @Test
    void anotherAttributeOfFileOrDirectory() throws IOException {
        make("left", Stamp.plain(0755).with("user.a", new byte[0]), file(PLAIN));
        make("right", Stamp.plain(0755), file(PLAIN.with("user.b", new byte[] {'x', 0})));
        assertThat(TreeComparison.differences(root.resolve("left"), root.resolve("right")))
                .containsExactlyInAnyOrder(
                        "./d: attributes {user.a=} on the left, {} on the right",
                        "./d/f: attributes {} on the left, {user.b=x\\x00} on the right");
    }

    @Test
    void anotherOwnerIfAsked() throws IOException {
        assumeTrue(HostileTree.isRoot());
        assertThat(compare(file(PLAIN), file(PLAIN.ownedBy(1, 2)))).isEmpty();
        assertThat(TreeComparison.differences(
                        root.resolve("left"),
                        root.resolve("right"),
                        Options.standard().with(Aspect.OWNER)))
                .containsExactly(
                        "./d/f: user 0 on the left, 1 on the right", "./d/f: group 0 on the left, 2 on the right");
    }

    @Test
    void aLostLinkUnlessIgnored() throws IOException {
        Path left = root.resolve("left");
        Path right = root.resolve("right");
        List<String> expected = List.of("./d/b: is one file with a on the left only");
        assertThat(compare(TreeComparisonTest::linked, TreeComparisonTest::copied))
                .isEqualTo(expected);
        assertThat(TreeComparison.differences(left, right, Options.standard().with(LinkGroups.KEPT)))
                .isEqualTo(expected);
        assertThat(TreeComparison.differences(left, right, Options.standard().with(LinkGroups.IGNORED)))
                .isEmpty();
    }

    @Test
    void anAddedLinkIfExactlyAsked() throws IOException {
        assertThat(compare(TreeComparisonTest::copied, TreeComparisonTest::linked))
                .containsExactly("./d/b: is one file with a on the right only");
        assertThat(TreeComparison.differences(
                        root.resolve("left"),
                        root.resolve("right"),
                        Options.standard().with(LinkGroups.KEPT)))
                .isEmpty();
    }

    private static void linked(TreeDirectory directory) throws IOException {
        directory.file("a", new byte[] {1}, PLAIN);
        directory.link(directory, "a", "b");
    }

    private static void copied(TreeDirectory directory) throws IOException {
        directory.file("a", new byte[] {1}, PLAIN);
        directory.file("b", new byte[] {1}, PLAIN);
    }

    @Test
    void aMissingSocketUnlessSocketsAreNotAsked() throws IOException {
        Content socket = directory -> directory.node(TreeDirectory.bytes("s"), Statx.S_IFSOCK, 0, 0, PLAIN);
        assertThat(compare(socket, directory -> {})).containsExactly("./d/s: only on the left");
        assertThat(TreeComparison.differences(
                        root.resolve("left"),
                        root.resolve("right"),
                        Options.standard().without(Aspect.SOCKETS)))
                .isEmpty();
    }

    @Test
    void aDifferenceFarBelowPathMax() throws IOException {
        assertThat(compare(directory -> chain(directory, 1), directory -> chain(directory, 2)))
                .singleElement()
                .asString()
                .startsWith("./d/x/x/x")
                .endsWith("/x/bottom: content differs from byte 0");
    }

    private static void chain(TreeDirectory directory, int content) throws IOException {
        TreeDirectory at = directory.directory("x");
        for (int i = 0; i < 2200; i++) {
            TreeDirectory next = at.directory("x");
            at.close();
            at = next;
        }
        at.file("bottom", new byte[] {(byte) content}, PLAIN);
        at.close();
    }
}

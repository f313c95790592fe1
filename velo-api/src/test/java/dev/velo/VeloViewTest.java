package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a view tells of a small tree: entries, lists, bytes, and how it fails. */
final class VeloViewTest {
    @TempDir
    private Path folder;

    private SmallTree small;
    private VeloView view;

    @BeforeEach
    void open() throws IOException {
        small = SmallTree.open(folder);
        view = small.view();
    }

    @AfterEach
    void close() {
        small.close();
    }

    /** Another tree of the same store; the test closes it. */
    private VeloView view(Path tree) throws IOException {
        return small.store()
                .view(small.store().ingest(tree, VeloIngestOptions.DEFAULT).tree());
    }

    @Test
    void anEntryHasItsMetadata() throws Exception {
        byte[] sha = MessageDigest.getInstance("SHA-256").digest("hello\n".getBytes(StandardCharsets.UTF_8));

        VeloEntry entry = view.entry("greeting");

        assertThat(entry.path()).isEqualTo("greeting");
        assertThat(entry.name()).isEqualTo("greeting");
        assertThat(entry.kind()).isEqualTo(VeloEntry.Kind.FILE);
        assertThat(entry.permissions()).isEqualTo(0644);
        assertThat(entry.size()).isEqualTo(6);
        assertThat(entry.linkCount()).isEqualTo(1);
        assertThat(entry.modified().toInstant()).isEqualTo(SmallTree.MODIFIED);
        assertThat(entry.digest()).contains(HexFormat.of().formatHex(sha));
        assertThat(entry.target()).isEmpty();
        assertThat(view.entry("sub/deep").name()).isEqualTo("deep");
        assertThat(view.entry("empty").digest()).isEmpty();
        assertThat(view.entry("tool").permissions()).isEqualTo(0755);
        assertThat(view.entry("sub").kind()).isEqualTo(VeloEntry.Kind.DIRECTORY);
        assertThat(view.digest()).isEqualTo(small.ingested().digest());
        assertThat(view).hasToString("VeloView " + view.digest());
    }

    @Test
    void theRootHasManyNames() throws Exception {
        for (String root : List.of("", "/", "//", ".", "/.", "sub/..", "..", "../..")) {
            assertThat(view.entry(root).kind()).as(root).isEqualTo(VeloEntry.Kind.DIRECTORY);
            assertThat(view.entry(root).inode()).isEqualTo(view.entry("/").inode());
            assertThat(view.list(root)).hasSize(5);
        }
        assertThat(view.entry("//sub/./../sub//deep").size()).isEqualTo(5);
    }

    @Test
    void linksAreFollowedUnlessAskedOtherwise() throws Exception {
        VeloEntry link = view.entry("link", LinkOption.NOFOLLOW_LINKS);

        assertThat(link.kind()).isEqualTo(VeloEntry.Kind.SYMLINK);
        assertThat(link.target()).contains("greeting");
        assertThat(link.targetBytes())
                .hasValueSatisfying(target -> assertThat(target).asString().isEqualTo("greeting"));
        assertThat(view.entry("link").inode()).isEqualTo(view.entry("greeting").inode());
        assertThat(view.find("link", LinkOption.NOFOLLOW_LINKS).orElseThrow().inode())
                .isEqualTo(link.inode());
        assertThat(view.list("/")).extracting(VeloEntry::kind).contains(VeloEntry.Kind.SYMLINK);
    }

    @Test
    void linksLeadOnlyWhereTheKernelWouldLead() throws Exception {
        Path tree = small.directory("links");
        Files.writeString(tree.resolve("end"), "end\n");
        Files.createSymbolicLink(tree.resolve("link0"), Path.of("end"));
        for (int i = 1; i <= 40; i++) {
            Files.createSymbolicLink(tree.resolve("link" + i), Path.of("link" + (i - 1)));
        }
        Files.createSymbolicLink(tree.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(tree.resolve("outside"), Path.of("/../../etc/../end"));
        Files.createSymbolicLink(tree.resolve("through"), Path.of("end/x"));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nothing"));
        try (VeloView links = view(tree)) {
            assertThat(links.readAllBytes("link39")).asString().isEqualTo("end\n");
            assertThatExceptionOfType(FileSystemLoopException.class)
                    .isThrownBy(() -> links.entry("link40"))
                    .withMessageContaining("link40");
            assertThatExceptionOfType(FileSystemLoopException.class).isThrownBy(() -> links.readAllBytes("loop"));
            assertThat(links.find("loop")).isEmpty();
            assertThat(links.entry("loop", LinkOption.NOFOLLOW_LINKS).target()).contains("loop");
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> links.entry("outside"));
            assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> links.entry("through"));
            assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> links.entry("dangling"));
        }
    }

    @Test
    void anAbsoluteLinkBeginsAtTheRootOfTheView() throws Exception {
        Path tree = small.directory("absolute");
        Files.createDirectories(tree.resolve("etc"));
        Files.writeString(tree.resolve("etc/own"), "own\n");
        Files.createSymbolicLink(tree.resolve("up"), Path.of("/../../etc/own"));
        try (VeloView links = view(tree)) {
            assertThat(links.readAllBytes("up")).asString().isEqualTo("own\n");
        }
    }

    @Test
    void whatIsNotThereFailsWithItsPath() throws Exception {
        String longName = "x".repeat(256);
        String longPath = "sub/../".repeat(600);

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> view.entry("missing"))
                .satisfies(e -> assertThat(e.getFile()).isEqualTo("missing"));
        assertThatExceptionOfType(NotDirectoryException.class)
                .isThrownBy(() -> view.entry("greeting/x"))
                .withMessageContaining("greeting/x");
        assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> view.entry("greeting/"));
        assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> view.list("greeting"));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> view.list("missing"));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> view.walk("missing"));
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> view.entry(longName))
                .withMessageContaining("File name too long");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> view.entry(longPath))
                .withMessageContaining("File name too long");
        assertThat(view.find("missing")).isEmpty();
        assertThat(view.find("greeting/x")).isEmpty();
        assertThat(view.find(longName)).isEmpty();
        assertThatExceptionOfType(InvalidPathException.class).isThrownBy(() -> view.find("a\0b"));
    }

    @Test
    void onlyFilesHaveBytes() {
        for (String path : List.of("sub", "/")) {
            assertThatExceptionOfType(FileSystemException.class)
                    .isThrownBy(() -> view.readAllBytes(path))
                    .withMessageContaining("Is a directory");
            assertThatIOException().isThrownBy(() -> view.newInputStream(path));
            assertThatIOException().isThrownBy(() -> view.newByteChannel(path));
            assertThatIOException().isThrownBy(() -> view.map(path));
            assertThatIOException().isThrownBy(() -> view.read(path, 0, ByteBuffer.allocate(1)));
        }
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> view.map("missing"));
    }

    @Test
    void listsAndWalksAreInTheOrderOfBytes() throws Exception {
        assertThat(view.list("/").stream().map(VeloEntry::path))
                .containsExactly("/empty", "/greeting", "/link", "/sub", "/tool");
        assertThat(view.list("sub").stream().map(VeloEntry::path)).containsExactly("sub/deep");
        try (Stream<VeloEntry> all = view.walk("")) {
            assertThat(all.map(VeloEntry::path))
                    .containsExactly("", "empty", "greeting", "link", "sub", "sub/deep", "tool");
        }
        try (Stream<VeloEntry> one = view.walk("greeting")) {
            assertThat(one.map(VeloEntry::path)).containsExactly("greeting");
        }
        assertThat(view.entry(view.list("/").get(1).path()).size()).isEqualTo(6);
    }

    @Test
    void bytesAreReadIntoBuffersOfEveryKind() throws Exception {
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4))) {
            assertThat(view.read("greeting", 1, buffer)).isEqualTo(4);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(StandardCharsets.UTF_8.decode(buffer.flip()).toString()).isEqualTo("ello");
            assertThat(view.read("greeting", 5, buffer.clear())).isEqualTo(1);
            assertThat(buffer.position()).isEqualTo(1);
            assertThat(view.read("greeting", 6, buffer)).isEqualTo(-1);
            assertThat(view.read("greeting", Long.MAX_VALUE, buffer)).isEqualTo(-1);
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> view.read("greeting", -1, ByteBuffer.allocate(1)));
        assertThat(view.readAllBytes("empty")).isEmpty();
    }

    @Test
    void aStreamReadsFromTheBeginning() throws Exception {
        try (InputStream first = view.newInputStream("link");
                InputStream second = view.newInputStream("greeting")) {
            assertThat(first.read()).isEqualTo('h');
            assertThat(first.skip(2)).isEqualTo(2);
            assertThat(first.readAllBytes()).asString().isEqualTo("lo\n");
            assertThat(second.readAllBytes()).asString().isEqualTo("hello\n");
            assertThat(second.read()).isEqualTo(-1);
        }
    }

    @Test
    void aChannelReadsAnyPart() throws Exception {
        SeekableByteChannel channel = view.newByteChannel("greeting");
        ByteBuffer buffer = ByteBuffer.allocate(3);

        assertThat(channel.size()).isEqualTo(6);
        assertThat(channel.position(2).read(buffer)).isEqualTo(3);
        assertThat(channel.position()).isEqualTo(5);
        assertThat(buffer.array()).asString().isEqualTo("llo");
        assertThat(channel.position(100).read(buffer.clear())).isEqualTo(-1);
        assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> channel.write(buffer));
        assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> channel.truncate(0));
        channel.close();
        channel.close();
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(buffer));
    }

    @Test
    void aMappedFileIsItsBytesReadOnly() throws Exception {
        MemorySegment mapped = view.map("greeting");

        assertThat(mapped.toArray(ValueLayout.JAVA_BYTE)).asString().isEqualTo("hello\n");
        assertThat(mapped.isReadOnly()).isTrue();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
        assertThat(view.map("empty").byteSize()).isZero();
    }
}

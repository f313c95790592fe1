package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published file is there whole or not at all. */
class PublishedFileTest {
    private static final byte[] NAME = PathBytes.of("name");

    @TempDir
    Path folder = Path.of("");

    private final Arena arena = Arena.ofAuto();
    private Descriptor directory;

    @BeforeEach
    void openFolder() throws IOException {
        directory = TestStore.open(folder);
    }

    @AfterEach
    void closeFolder() {
        directory.close();
    }

    private MemorySegment bytes(String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, PathBytes.of(text));
    }

    private String[] names() {
        return folder.toFile().list();
    }

    @Test
    void nobodySeesItBeforeItIsPublished() throws IOException {
        try (PublishedFile file = PublishedFile.create(directory.fd(), 0600)) {
            file.accept(bytes("con"));
            file.accept(bytes("tent"));
            assertThat(names()).noneMatch("name"::equals);
            assertThat(file.publishNew(NAME)).isTrue();
        }
        assertThat(folder.resolve("name")).hasContent("content");
        assertThat(names()).containsExactly("name");
    }

    @Test
    void closedUnpublishedItLeavesNothing() throws IOException {
        try (PublishedFile file = PublishedFile.create(directory.fd(), 0600)) {
            file.accept(bytes("content"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTakenNameIsKept() throws IOException {
        Files.writeString(folder.resolve("name"), "first");
        try (PublishedFile file = PublishedFile.create(directory.fd(), 0600)) {
            file.accept(bytes("second"));
            assertThat(file.publishNew(NAME)).isFalse();
        }
        assertThat(folder.resolve("name")).hasContent("first");
        assertThat(names()).containsExactly("name");
    }

    @Test
    void publishedOverItReplaces() throws IOException {
        Files.writeString(folder.resolve("name"), "first, which is longer");
        try (PublishedFile file = PublishedFile.create(directory.fd(), 0600)) {
            file.accept(bytes("second"));
            file.publishOver(NAME);
        }
        assertThat(folder.resolve("name")).hasContent("second");
        assertThat(names()).containsExactly("name");
    }

    @Test
    void whatCannotBeReplacedLeavesNothingBehind() throws IOException {
        Files.createDirectory(folder.resolve("name"));
        try (PublishedFile file = PublishedFile.create(directory.fd(), 0600)) {
            file.accept(bytes("second"));
            assertThatThrownBy(() -> file.publishOver(NAME)).isInstanceOf(ErrnoException.class);
        }
        assertThat(names()).containsExactly("name");
        assertThat(folder.resolve("name")).isEmptyDirectory();
    }
}

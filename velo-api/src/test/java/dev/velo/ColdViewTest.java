package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.ColdStore;
import dev.velo.launcher.MountCleanup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view of a tree whose blobs are compressed: by the API and by {@code java.nio.file}. */
final class ColdViewTest {
    @TempDir
    private Path folder;

    @Test
    void bytesAreThoseOfTheFiles() throws IOException {
        MountCleanup.watch(folder);
        Path tree = Files.createDirectory(folder.resolve("tree"));
        byte[] content = "all that is said here is said again. ".repeat(90_000).getBytes(StandardCharsets.UTF_8);
        Files.write(tree.resolve("long"), content);
        Files.writeString(tree.resolve("short"), "short");
        try (VeloStore store = VeloStore.open(folder.resolve("store"))) {
            VeloTree taken = store.ingest(tree, VeloIngestOptions.DEFAULT).tree();
            assertThat(ColdStore.freezeAt(folder.resolve("store"))).isEqualTo(1);
            try (VeloView view = store.view(taken)) {
                Path root = view.fileSystem().getPath("/");
                assertThat(Files.readAllBytes(root.resolve("long"))).isEqualTo(content);
                assertThat(Files.readString(root.resolve("short"))).isEqualTo("short");
                try (InputStream stream = Files.newInputStream(root.resolve("long"))) {
                    stream.skipNBytes(2_000_000);
                    assertThat(stream.read()).isEqualTo(content[2_000_000]);
                }
                try (SeekableByteChannel channel = Files.newByteChannel(root.resolve("long"))) {
                    ByteBuffer some = ByteBuffer.allocate(100);
                    assertThat(channel.position(content.length - 50).read(some)).isEqualTo(50);
                }
            }
        }
    }
}

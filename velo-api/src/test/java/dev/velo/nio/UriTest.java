package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.VeloTree;
import dev.velo.VeloView;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems opened by the URI or the path of a manifest, and the URIs of paths. */
final class UriTest {
    @TempDir
    private Path folder;

    private WorkTree tree;
    private Map<String, ?> environment;

    @BeforeEach
    void takeIn() throws IOException {
        tree = WorkTree.ofFixture(folder);
        environment = Map.of("store", tree.storePath());
    }

    @AfterEach
    void end() {
        tree.close();
    }

    private static URI uri(Path manifest, String inside) {
        return URI.create("velo://" + manifest.toUri().getRawPath() + inside);
    }

    @Test
    void theManifestNamesTheFileSystem() throws IOException {
        URI uri = uri(tree.manifest(), ";/");
        try (FileSystem opened = FileSystems.newFileSystem(uri, environment)) {
            Path text = opened.getPath("/text");
            assertThat(Files.readString(text)).isEqualTo("one\ntwo\n");
            assertThat(text.toUri()).isEqualTo(uri(tree.manifest(), ";/text"));
            assertThat(Path.of(text.toUri())).isEqualTo(text);
            assertThat(FileSystems.getFileSystem(uri)).isSameAs(opened);
            assertThat(opened.getPath("/dir").toUri()).hasToString(uri(tree.manifest(), ";/dir/") + "");
            assertThat(opened).hasToString(uri + "");
        }
        assertThatThrownBy(() -> FileSystems.getFileSystem(uri)).isInstanceOf(FileSystemNotFoundException.class);
    }

    @Test
    void theManifestMayBeWrittenInManyWays() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.velo"), tree.manifest());
        try (FileSystem opened = FileSystems.newFileSystem(uri(tree.manifest(), ""), environment)) {
            Path text = opened.getPath("/text");
            assertThat(Path.of(uri(tree.manifest(), "!/text"))).isEqualTo(text);
            assertThat(Path.of(uri(link, ";/text"))).isEqualTo(text);
            assertThat(Path.of(uri(folder.resolve("store/../app.velo"), ";/text")))
                    .isEqualTo(text);
            assertThat(Path.of(URI.create("VELO" + text.toUri().toString().substring(4))))
                    .isEqualTo(text);
            assertThat(Path.of(uri(tree.manifest(), ";"))).isEqualTo(opened.getPath("/"));
            assertThat(Path.of(uri(tree.manifest(), ";/%74ext"))).isEqualTo(text);
        }
    }

    @Test
    void oneUriOneFileSystem() throws IOException {
        URI uri = uri(tree.manifest(), ";/");
        try (FileSystem opened = FileSystems.newFileSystem(uri, environment)) {
            assertThatThrownBy(() -> FileSystems.newFileSystem(uri, environment))
                    .isInstanceOf(FileSystemAlreadyExistsException.class);
            assertThat(FileSystems.getFileSystem(uri)).isSameAs(opened);
        }
        try (FileSystem again = FileSystems.newFileSystem(uri, environment)) {
            assertThat(again.isOpen()).isTrue();
        }
    }

    @Test
    void manyFileSystemsOfOnePath() throws IOException {
        try (FileSystem first = FileSystems.newFileSystem(tree.manifest(), environment);
                FileSystem second = FileSystems.newFileSystem(tree.manifest(), environment)) {
            assertThat(first).isNotSameAs(second);
            assertThat(Path.of(first.getPath("text").toUri())).isEqualTo(first.getPath("/text"));
            assertThat(Path.of(second.getPath("text").toUri())).isEqualTo(second.getPath("/text"));
        }
    }

    @Test
    void storeAndLayersMayBeText() throws IOException {
        WorkTree.write(folder.resolve("more"), "text", "upper");
        Path upper = folder.resolve("upper.velo");
        VeloTree taken = tree.store()
                .ingest(folder.resolve("more/tree"), WorkTree.QUICK.withManifest(upper))
                .tree();
        Map<String, ?> layered = Map.of(
                "store",
                tree.storePath().toString(),
                "layers",
                List.of(tree.manifest().toString()));
        try (FileSystem opened = FileSystems.newFileSystem(uri(upper, ";/"), layered);
                VeloView view = tree.store().view(taken)) {
            assertThat(Files.readString(opened.getPath("text"))).isEqualTo("upper");
            assertThat(Files.readString(opened.getPath("dir/a.txt"))).isEqualTo("a");
            assertThat(view.find("dir/a.txt")).isEmpty();
        }
    }

    @Test
    void whatIsNoManifestIsNotOpened() throws IOException {
        Path other = Files.writeString(folder.resolve("other.txt"), "x");
        Path broken = Files.writeString(folder.resolve("broken.velo"), "x");
        assertThatThrownBy(() -> FileSystems.newFileSystem(other, environment))
                .isInstanceOf(ProviderNotFoundException.class);
        assertThatThrownBy(() -> FileSystems.newFileSystem(broken, environment)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri(broken, ";/"), environment))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri(folder.resolve("none.velo"), ";/"), environment))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatTheEnvironmentCannotBeIsRefused() {
        for (Map<String, ?> wrong : List.<Map<String, ?>>of(
                Map.of("store", 1),
                Map.of("store", tree.at("text")),
                Map.of("store", tree.storePath(), "layers", "text"),
                Map.of("store", tree.storePath(), "layers", List.of(1)))) {
            assertThatThrownBy(() -> FileSystems.newFileSystem(uri(tree.manifest(), ";/"), wrong))
                    .as(wrong.toString())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void missingStoresAreNotMade() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> FileSystems.newFileSystem(tree.manifest(), Map.of("store", missing)))
                .isInstanceOf(IOException.class);
        assertThat(missing).doesNotExist();
    }

    @Test
    void urisOfOtherFormsAreRefused() {
        for (String form : List.of(
                "velo:app.velo", "velo:///app.velo;/?query", "velo:///app.velo;/#part", "velo://example.com/text")) {
            assertThatThrownBy(() -> Path.of(URI.create(form))).as(form).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> FileSystems.newFileSystem(URI.create("velo://view-1/"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Path.of(uri(tree.manifest(), ";/a"))).isInstanceOf(FileSystemNotFoundException.class);
        assertThatThrownBy(() -> Path.of(URI.create(tree.fileSystem() + "a%00b")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void urisOfManifestsWithOddNames() throws IOException {
        Path odd = folder.resolve("a ;b!%.velo");
        tree.store().ingest(tree.original(), WorkTree.QUICK.withManifest(odd));
        URI uri = URI.create("velo://" + VeloUri.encode(odd.toString().getBytes(StandardCharsets.UTF_8)) + ";/");
        try (FileSystem opened = FileSystems.newFileSystem(uri, environment)) {
            Path path = opened.getPath("/a b%;!c");
            assertThat(Files.readString(path)).isEqualTo("odd");
            assertThat(Path.of(path.toUri())).isEqualTo(path);
        }
    }
}

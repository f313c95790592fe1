package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import dev.velo.core.view.View;
import dev.velo.ffm.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Paths lead where they would if the tree were mounted at its place.
 *
 * <pre>
 * tree/
 * ├── file
 * ├── sub/deep
 * ├── in      -> sub
 * ├── out     -> /etc
 * ├── up      -> ../beside
 * ├── again   -> PLACE/sub/deep
 * └── loop    -> loop
 * </pre>
 */
class PathWalkTest {
    private TestStore store;
    private View view;
    private Path folder;
    private String at;

    @BeforeEach
    void openView() throws Exception {
        store = TestStore.create();
        folder = store.folder().toRealPath();
        at = folder + "/place/there";
        Path tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "file");
        Files.createDirectory(tree.resolve("sub"));
        Files.writeString(tree.resolve("sub/deep"), "deep");
        Files.createSymbolicLink(tree.resolve("in"), Path.of("sub"));
        Files.createSymbolicLink(tree.resolve("out"), Path.of("/etc"));
        Files.createSymbolicLink(tree.resolve("up"), Path.of("../beside"));
        Files.createSymbolicLink(tree.resolve("again"), Path.of(at + "/sub/deep"));
        Files.createSymbolicLink(tree.resolve("loop"), Path.of("loop"));
        var report = store.ingest(tree);
        view = View.open(
                store.store(), Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree)));
    }

    @AfterEach
    void closeView() throws Exception {
        view.close();
        store.close();
    }

    private String find(String path) throws Exception {
        PathWalk.Place place = new PathWalk(view, PathBytes.of(at)).find(PathBytes.of(path));
        Errno error = place.error();
        if (error != null) {
            return error.name();
        }
        return (place.isInTree() ? "tree " : "real ") + PathBytes.show(place.path());
    }

    @Test
    void pathsBelowThePlaceAreInTheTree() throws Exception {
        assertThat(find(at)).isEqualTo("tree " + at);
        assertThat(find(at + "/sub//./deep")).isEqualTo("tree " + at + "/sub/deep");
        assertThat(find(at + "/in/deep")).isEqualTo("tree " + at + "/sub/deep");
        assertThat(find(at + "/again")).isEqualTo("tree " + at + "/sub/deep");
    }

    @Test
    void whatIsMissingIsToldAsByTheKernel() throws Exception {
        assertThat(find(at + "/nothing")).isEqualTo("ENOENT");
        assertThat(find(at + "/nothing/more")).isEqualTo("ENOENT");
        assertThat(find(at + "/file/more")).isEqualTo("ENOTDIR");
        assertThat(find(at + "/loop")).isEqualTo("ELOOP");
        assertThat(find(folder + "/nothing")).isEqualTo("ENOENT");
    }

    @Test
    void linksLeadOutOfTheTree() throws Exception {
        assertThat(find(at + "/out/passwd")).isEqualTo("real /etc/passwd");
        Files.createDirectory(folder.resolve("place"));
        Files.writeString(folder.resolve("place/beside"), "");
        assertThat(find(at + "/up")).isEqualTo("real " + folder + "/place/beside");
        assertThat(find(at + "/../beside")).isEqualTo("real " + folder + "/place/beside");
    }

    @Test
    void linksLeadIntoTheTree() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of(at));
        assertThat(find(link + "/sub/deep")).isEqualTo("tree " + at + "/sub/deep");
        assertThat(find(folder + "/link/../there/file")).isEqualTo("tree " + at + "/file");
    }

    @Test
    void whatIsThereForRealIsHidden() throws Exception {
        Path place = Files.createDirectories(Path.of(at));
        Files.writeString(place.resolve("real"), "");
        assertThat(find(at + "/real")).isEqualTo("ENOENT");
        assertThat(find(at + "/file")).isEqualTo("tree " + at + "/file");
    }

    @Test
    void aPlaceIsCanonicalWhereItExists() throws Exception {
        Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("alias"), Path.of("real"));
        assertThat(PathBytes.show(PathWalk.canonical(PathBytes.of(folder + "/alias/a/b"))))
                .isEqualTo(folder + "/real/a/b");
        assertThat(PathBytes.show(PathWalk.canonical(PathBytes.of("/nowhere/x"))))
                .isEqualTo("/nowhere/x");
    }
}

package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.EntryKind;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.TestData;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The golden image, of {@link ImageFixture}: bound again it has the same bytes, and a view of it tells the whole tree. */
class ImageGoldenTest {
    private static final Path DIRECTORY = TestData.path("testdata/image");
    private static final Path IMAGE = DIRECTORY.resolve("everything.image");
    private static final int MOST_BYTES = 6;

    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        store = ImageFixture.store();
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void isBoundAgainByteForByte() throws IOException {
        byte[] manifest = ImageFixture.manifest();
        TestData.check(DIRECTORY.resolve("everything.velo"), manifest);
        TestData.check(DIRECTORY.resolve("small.pack"), ImageFixture.smallPack());
        TestData.check(DIRECTORY.resolve("sparse.pack"), ImageFixture.sparsePack());
        TestData.check(IMAGE, ImageFixture.bind(store, manifest));
    }

    @Test
    void anImageWithoutFilesHasNoDevices() throws IOException {
        byte[] manifest = ImageFixture.emptyDirectory();
        Path file = DIRECTORY.resolve("smallest.image");
        TestData.check(file, ImageFixture.bind(store, manifest));
        try (View view = View.open(store.store(), Image.open(TestStore.bytes(file)))) {
            view.image().verify();
            assertThat(view.image().packs()).isEmpty();
            assertThat(view.list(view.root()).next()).isFalse();
        }
    }

    @Test
    void everythingIsToldByAView() throws IOException {
        try (View view = View.open(store.store(), Image.open(TestStore.bytes(IMAGE)))) {
            view.image().verify();
            List<String> lines = new ArrayList<>();
            tell(view, "", view.root(), lines);
            assertThat(lines).hasSize(44);
            assertThat(lines.stream().filter(line -> !line.startsWith("many/")))
                    .containsExactly(
                            "/ DIRECTORY 755 0:0 4 links 1600000000.0",
                            "block BLOCK_DEVICE 660 0:0 1 links 1600000000.0 7:300",
                            "device CHARACTER_DEVICE 666 0:0 1 links 1600000000.0 1:3",
                            "directory DIRECTORY 1777 0:0 2 links 1600000000.0 user.note=1",
                            "directory/again FILE 4755 100000:100 2 links -2.999999999 hello",
                            "directory/up SYMLINK 777 0:0 1 links 1600000000.0 ->..",
                            "empty FILE 600 0:0 1 links 1600000000.0 ",
                            "fifo FIFO 600 0:0 1 links 1600000000.0",
                            "file FILE 4755 100000:100 2 links -2.999999999 hello",
                            "link SYMLINK 777 0:0 1 links 1600000000.0 ->directory/again",
                            "long SYMLINK 777 0:0 1 links 1600000000.0 ->" + "t".repeat(600),
                            "many DIRECTORY 700 0:0 2 links 1600000000.0",
                            "second FILE 644 0:0 1 links 1600000000.0 user.a= user.b=22 second",
                            "sparse FILE 400 0:0 1 links 1600000000.0 1050576 bytes");
            assertThat(view.find(PathBytes.of("link"))).isEqualTo(view.find(PathBytes.of("file")));
            requireSparse(view, view.find(PathBytes.of("sparse")));
        }
    }

    private static void requireSparse(View view, int sparse) throws IOException {
        byte[] bytes = new byte[ImageFixture.SPARSE_BYTES];
        assertThat(view.read(sparse, 0, MemorySegment.ofArray(bytes))).isEqualTo(bytes.length);
        assertThat(bytes).isEqualTo(ImageFixture.sparse());
        assertThat(view.map(sparse).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
    }

    private static void tell(View view, String path, int node, List<String> lines) throws IOException {
        StringBuilder line = new StringBuilder(path.isEmpty() ? "/" : path);
        line.append(' ').append(view.kind(node)).append(' ').append(Integer.toOctalString(view.permissions(node)));
        line.append(' ').append(view.uid(node)).append(':').append(view.gid(node));
        line.append(' ').append(view.linkCount(node)).append(" links ");
        line.append(view.mtimeSeconds(node)).append('.').append(view.mtimeNanos(node));
        view.attributes(node)
                .forEach(attribute -> line.append(' ')
                        .append(PathBytes.show(attribute.name()))
                        .append('=')
                        .append(PathBytes.show(attribute.value())));
        lines.add(line + what(view, node));
        if (view.kind(node) == EntryKind.DIRECTORY) {
            DirectoryCursor cursor = view.list(node);
            while (cursor.next()) {
                String name = PathBytes.show(cursor.name());
                tell(view, path.isEmpty() ? name : path + "/" + name, cursor.node(), lines);
            }
        }
    }

    private static String what(View view, int node) throws IOException {
        return switch (view.kind(node)) {
            case FILE -> {
                if (view.size(node) > MOST_BYTES) {
                    yield " " + view.size(node) + " bytes";
                }
                byte[] bytes = new byte[(int) view.size(node)];
                view.read(node, 0, MemorySegment.ofArray(bytes));
                yield " " + PathBytes.show(bytes);
            }
            case SYMLINK -> " ->" + PathBytes.show(view.target(node));
            case BLOCK_DEVICE, CHARACTER_DEVICE -> " " + (view.device(node) >>> 32) + ":" + (int) view.device(node);
            default -> "";
        };
    }
}

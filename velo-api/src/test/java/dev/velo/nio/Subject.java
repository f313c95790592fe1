package dev.velo.nio;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.velo.VeloIngestOptions;
import dev.velo.VeloStore;
import dev.velo.VeloView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file systems that the contract is asserted of: Velo's, and two that others wrote. */
@SuppressWarnings("ImmutableEnumChecker") // the tree is made when it is first asked for
enum Subject {
    VELO {
        @Override
        Path make() throws IOException {
            Path folder = Files.createTempDirectory("velo-nio");
            FixtureTree.deleteAtExit(folder);
            FixtureTree.makeAt(folder.resolve("tree"));
            VeloStore store = VeloStore.open(folder.resolve("store"));
            VeloView view = store.view(store.ingest(
                            folder.resolve("tree"),
                            VeloIngestOptions.DEFAULT.withDurability(VeloIngestOptions.Durability.NONE))
                    .tree());
            return view.fileSystem().getPath("/");
        }
    },
    JIMFS {
        @Override
        Path make() throws IOException {
            Configuration unix = Configuration.unix().toBuilder()
                    .setAttributeViews("basic", "owner", "posix", "unix", "user")
                    .build();
            Path tree = Jimfs.newFileSystem(unix).getPath("/tree");
            FixtureTree.makeAt(tree);
            return tree;
        }
    },
    LINUX {
        @Override
        Path make() throws IOException {
            Path folder = Files.createTempDirectory("velo-nio");
            FixtureTree.deleteAtExit(folder);
            FixtureTree.makeAt(folder.resolve("tree"));
            return folder.resolve("tree").toRealPath();
        }
    };

    private @Nullable Path tree;

    abstract Path make() throws IOException;

    /** The root of the fixture tree, made once for all tests. */
    synchronized Path tree() {
        try {
            Path made = tree == null ? make() : tree;
            tree = made;
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A path in the fixture tree. */
    Path at(String path) {
        return tree().resolve(path);
    }

    FileSystem fileSystem() {
        return tree().getFileSystem();
    }

    /** A path as it is written. */
    Path path(String first, String... more) {
        return fileSystem().getPath(first, more);
    }
}

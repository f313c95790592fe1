package dev.velo.nio;

import dev.velo.VeloIngestOptions;
import dev.velo.VeloStore;
import dev.velo.VeloTree;
import dev.velo.VeloView;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with a tree, the store and the manifest that it was taken into, and its view. The folder is the caller's to delete. */
final class WorkTree implements AutoCloseable {
    static final VeloIngestOptions QUICK = VeloIngestOptions.DEFAULT
            .withDurability(VeloIngestOptions.Durability.NONE)
            .withTrust(VeloTree.Trust.TRUSTED);

    private final Path folder;
    private final VeloStore store;
    private final VeloView view;

    /** Takes in {@code folder/tree}, which the caller has made. */
    WorkTree(Path folder) throws IOException {
        this.folder = folder;
        this.store = VeloStore.open(folder.resolve("store"));
        this.view = store.view(store.ingest(folder.resolve("tree"), QUICK.withManifest(manifest()))
                .tree());
    }

    /** A folder with the fixture tree in it. */
    static WorkTree ofFixture(Path folder) throws IOException {
        FixtureTree.makeAt(folder.resolve("tree"));
        return new WorkTree(folder);
    }

    Path original() {
        return folder.resolve("tree");
    }

    Path manifest() {
        return folder.resolve("app.velo");
    }

    VeloStore store() {
        return store;
    }

    Path storePath() {
        return folder.resolve("store");
    }

    VeloView view() {
        return view;
    }

    FileSystem fileSystem() {
        return view.fileSystem();
    }

    Path at(String path) {
        return fileSystem().getPath("/").resolve(path);
    }

    /** Makes a file of the tree to be. */
    static void write(Path folder, String name, String contents) throws IOException {
        Path file = folder.resolve("tree").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, contents);
    }

    @Override
    public void close() {
        view.close();
        store.close();
    }
}

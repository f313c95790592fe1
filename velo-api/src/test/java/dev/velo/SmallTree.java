package dev.velo;

import dev.velo.launcher.MountCleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * A tree, a store that has it, and a view of it; for one test.
 *
 * <pre>
 * folder/
 * ├── store/
 * └── tree/
 *     ├── greeting   "hello\n", of 2001-02-03T04:05:06.789Z
 *     ├── empty
 *     ├── link       -> greeting
 *     ├── tool       a script, executable, that prints its arguments
 *     └── sub/
 *         └── deep   "deep\n"
 * </pre>
 */
record SmallTree(Path folder, VeloStore store, VeloTree ingested, VeloView view) implements AutoCloseable {
    static final Instant MODIFIED = Instant.parse("2001-02-03T04:05:06.789Z");

    static SmallTree open(Path folder) throws IOException {
        MountCleanup.watch(folder);
        fill(Files.createDirectory(folder.resolve("tree")));
        VeloStore store = VeloStore.open(folder.resolve("store"));
        VeloTree tree =
                store.ingest(folder.resolve("tree"), VeloIngestOptions.DEFAULT).tree();
        return new SmallTree(folder, store, tree, store.view(tree));
    }

    static void fill(Path tree) throws IOException {
        Files.writeString(tree.resolve("greeting"), "hello\n");
        Files.setLastModifiedTime(tree.resolve("greeting"), FileTime.from(MODIFIED));
        Files.createFile(tree.resolve("empty"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("greeting"));
        Files.writeString(tree.resolve("tool"), "#!/bin/sh\necho \"tool $*\"\n");
        Files.setPosixFilePermissions(tree.resolve("tool"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(tree.resolve("sub"));
        Files.writeString(tree.resolve("sub/deep"), "deep\n");
    }

    Path tree() {
        return folder.resolve("tree");
    }

    Path directory(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    @Override
    public void close() {
        view.close();
        store.close();
    }
}

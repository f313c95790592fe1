package dev.velo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.base.Busybox;
import dev.velo.core.base.BusyboxTree;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.store.Store;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import dev.velo.launcher.MountCleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A store with a root of busybox, and a view of that; for one test. */
record BusyboxView(VeloStore store, VeloView view) implements AutoCloseable {
    static BusyboxView open(Path folder) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/busybox")), "takes busybox-static");
        MountCleanup.watch(folder);
        Path directory = folder.resolve("store");
        Path manifest = folder.resolve("base.velo");
        try (Store made = Store.open(LocalPath.bytes(directory));
                Busybox busybox = Busybox.open(PathBytes.of("/usr/bin/busybox"))) {
            TreeIntake.run(
                    made,
                    LocalPath.bytes(manifest),
                    IngestOptions.defaults(),
                    new IngestListener() {},
                    new BusyboxTree(busybox));
        }
        VeloStore store = VeloStore.open(directory);
        return new BusyboxView(store, store.view(manifest));
    }

    @Override
    public void close() {
        view.close();
        store.close();
    }
}

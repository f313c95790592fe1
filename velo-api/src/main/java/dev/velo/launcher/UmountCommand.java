package dev.velo.launcher;

import dev.velo.core.present.Anchors;
import dev.velo.core.present.DirectoryMount;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo umount}: takes away what {@code velo mount} has shown. */
@Command(
        name = "umount",
        sortOptions = false,
        description = "Unmounts a tree that velo mount has mounted; nothing else is ever unmounted.")
final class UmountCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "DIR", description = "The directory that shows the tree.")
    private @Nullable String directory;

    @Option(
            names = "--idle",
            description =
                    "Unmounts the images that the store keeps mounted for the next run and nobody uses now, as is needed"
                            + " before a store is deleted.")
    private boolean idle;

    @Override
    public Integer call() throws IOException {
        if (directory == null && !idle) {
            throw new IOException("name the directory to unmount, or --idle");
        }
        if (directory != null) {
            DirectoryMount.remove(IngestCommand.realPath(ProcessFacts.path(directory)));
        }
        if (idle) {
            Anchors.release(store.openExisting());
        }
        return 0;
    }
}

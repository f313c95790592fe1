package dev.velo.launcher;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.BlobReader;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code velo cat}: the bytes of one file of a tree, held against their digest. */
@Command(name = "cat", sortOptions = false, description = "Prints a file of a tree.")
final class CatCommand implements Callable<Integer> {
    private static final int STANDARD_OUTPUT = 1;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "MANIFEST", description = "The manifest.")
    private String manifest = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "The path of a regular file in the tree.")
    private String path = "";

    @Override
    @SuppressWarnings("try") // the lock is only held
    public Integer call() throws IOException {
        TreeEntry found = TreeEntry.find(manifest, path);
        Manifest tree = found.manifest();
        if (tree.kind(found.inode()) != EntryKind.FILE) {
            throw new IOException(Terminal.decoded(path) + ": not a regular file");
        }
        int blob = tree.blob(found.inode());
        if (blob < 0) {
            return 0;
        }
        try (Store opened = store.openExisting();
                Descriptor lock = opened.lockShared();
                Packs packs = opened.packs()) {
            Packs.Location location = packs.require(tree.digest(blob), tree.file());
            new BlobReader().read(location, tree.digest(blob), piece -> {
                long done = 0;
                while (done < piece.byteSize()) {
                    done += FileCalls.write(STANDARD_OUTPUT, piece.address() + done, piece.byteSize() - done);
                }
            });
        }
        return 0;
    }
}

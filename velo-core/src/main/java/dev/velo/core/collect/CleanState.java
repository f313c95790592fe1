package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What is remembered of a store in which a collection found nothing to take: the packs and the trees that there were, in
 * {@code stats/collected}. As long as there are just these, blobs need not be looked at again.
 */
final class CleanState {
    private static final byte[] FILE = PathBytes.of("collected");
    private static final int LIMIT = 128;
    private static final int MODE = 0600;

    private CleanState() {}

    /** Whether just these trees and the packs that are there now were found clean before. */
    static boolean isKnown(Store store, RegisteredTrees trees) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] known = FileBytes.read(arena, store.fd(Store.Room.STATS), FILE, LIMIT)
                    .toArray(ValueLayout.JAVA_BYTE);
            return Arrays.equals(known, state(store, trees));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Remembers that nothing in the store is dead; never synced, since nothing is wrong without it. */
    static void remember(Store store, RegisteredTrees trees) throws IOException {
        if (store.isReadOnly()) {
            return;
        }
        try (Arena arena = Arena.ofConfined();
                PublishedFile file = PublishedFile.create(store.fd(Store.Room.STATS), MODE)) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, state(store, trees)));
            file.publishOver(FILE);
        }
    }

    private static byte[] state(Store store, RegisteredTrees trees) throws IOException {
        MessageDigest sha = Hashing.sha256();
        for (byte[] pack : DirectoryListing.names(store.fd(Store.Room.PACKS))) {
            sha.update(pack);
            sha.update((byte) '\n');
        }
        trees.trees().stream().sorted().forEach(tree -> sha.update(PathBytes.of(tree + "\n")));
        return PathBytes.of(Digest.of(sha.digest(), 0) + "\n");
    }
}

package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one tree that registered manifests make when they are stacked, without reading them if it was named before: a store remembers in
 * {@code images/.layers-NAME} which tree that is, {@code NAME} being the SHA-256 of the layers' digests.
 *
 * @param tree its digest
 * @param trust trusted if all layers are
 * @param manifest merges the layers, if the manifest is needed
 */
public record LayeredTree(Digest tree, Root.Trust trust, ManifestSource manifest) {
    private static final int DIGEST_LIMIT = 128;
    private static final int MODE = 0400;

    /** The tree of these manifests, the upper one first. */
    public static LayeredTree of(Store store, List<Root> upperFirst) throws IOException {
        if (upperFirst.size() == 1) {
            Root only = upperFirst.getFirst();
            return new LayeredTree(only.tree(), only.trust(), () -> new Roots(store).manifest(only));
        }
        Root.Trust trust = Root.Trust.TRUSTED;
        for (Root root : upperFirst) {
            trust = root.trust() == Root.Trust.TRUSTED ? trust : Root.Trust.UNTRUSTED;
            // what is shown is the tree that they make, of which no manifest is kept
            new Roots(store).noteUse(root.tree());
        }
        byte[] name = name(upperFirst);
        Digest known = known(store, name);
        if (known != null) {
            return new LayeredTree(known, trust, () -> merge(store, upperFirst).manifest());
        }
        Layers.Merged merged = merge(store, upperFirst);
        if (!store.isReadOnly()) {
            remember(store, name, merged.tree());
        }
        return new LayeredTree(merged.tree(), trust, merged::manifest);
    }

    private static Layers.Merged merge(Store store, List<Root> upperFirst) throws IOException {
        List<Manifest> layers = new ArrayList<>();
        for (Root root : upperFirst) {
            layers.add(new Roots(store).manifest(root));
        }
        return Layers.mergeAndName(layers);
    }

    private static byte[] name(List<Root> upperFirst) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            upperFirst.forEach(root -> sha256.update(PathBytes.of(root.tree() + "\n")));
            return PathBytes.of(".layers-" + HexFormat.of().formatHex(sha256.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static @Nullable Digest known(Store store, byte[] name) throws IOException {
        if (!store.has(Store.Room.IMAGES)) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] bytes = FileBytes.read(arena, store.fd(Store.Room.IMAGES), name, DIGEST_LIMIT)
                    .toArray(ValueLayout.JAVA_BYTE);
            return Digest.parse(PathBytes.show(bytes).strip());
        } catch (IllegalArgumentException damaged) {
            return null;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || store.isWithheld(e)) {
                return null;
            }
            throw e;
        }
    }

    private static void remember(Store store, byte[] name, Digest tree) throws IOException {
        try (Arena arena = Arena.ofConfined();
                PublishedFile file = PublishedFile.create(store.fd(Store.Room.IMAGES), MODE)) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, PathBytes.of(tree + "\n")));
            file.publishOver(name);
        }
    }
}

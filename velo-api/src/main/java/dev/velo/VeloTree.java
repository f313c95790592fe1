package dev.velo;

import dev.velo.core.format.Digest;
import dev.velo.core.store.Root;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A tree that a store knows. What names it is its digest: equal trees have equal digests on every machine.
 *
 * {@snippet :
 * for (VeloTree tree : store.manifests()) {
 *     System.out.println(tree.digest() + " from " + tree.origin().map(Path::toString).orElse("somewhere else"));
 * }
 * }
 *
 * @param digest SHA-256 of the tree's manifest, 64 hexadecimal digits
 * @param manifest the manifest file, if one was written
 * @param origin where the tree was ingested from, if it was here
 * @param trust whether its setuid bits, capabilities and device nodes may become real
 */
public record VeloTree(String digest, Optional<Path> manifest, Optional<Path> origin, Trust trust) {

    /** Whether setuid bits, capabilities and device nodes of a tree may become real when it is shown or checked out. */
    public enum Trust {
        /** They may. */
        TRUSTED,
        /** They are left out. */
        UNTRUSTED;

        Root.Trust core() {
            return this == TRUSTED ? Root.Trust.TRUSTED : Root.Trust.UNTRUSTED;
        }
    }

    /**
     * Checks the digest.
     *
     * @throws IllegalArgumentException if it is not written as 64 hexadecimal digits
     */
    public VeloTree {
        Digest.parse(digest);
    }

    static VeloTree of(Root root) {
        boolean registeredOnly = Arrays.equals(root.manifestPath(), root.origin());
        return new VeloTree(
                root.tree().toString(),
                registeredOnly ? Optional.empty() : path(root.manifestPath()),
                path(root.origin()),
                root.trust() == Root.Trust.TRUSTED ? Trust.TRUSTED : Trust.UNTRUSTED);
    }

    Root root() {
        Root plain = Root.unregistered(Digest.parse(digest), bytes(manifest));
        return new Root(plain.tree(), plain.manifestPath(), bytes(origin), trust.core(), plain.identity());
    }

    private static byte[] bytes(Optional<Path> path) {
        return path.map(LocalPath::normal).orElseGet(() -> new byte[0]);
    }

    private static Optional<Path> path(byte[] path) {
        return PathBytes.isAbsolute(path) ? Optional.of(LocalPath.of(path)) : Optional.empty();
    }
}

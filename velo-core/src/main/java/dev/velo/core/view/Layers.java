package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Trees stacked over one another, as overlayfs stacks directories: a name of an upper layer hides that of the lower ones, directories
 * merge, a character device 0:0 deletes, and a directory with the attribute {@code user.overlay.opaque} of value {@code y} hides what
 * the lower ones hold; where that value is {@code x}, empty files with the attribute {@code user.overlay.whiteout} delete too. The
 * result is one tree with a digest of its own, in which nothing is left of those marks; marks of an overlay inside the overlay, which
 * overlayfs keeps under {@code user.overlay.overlay.}, have the names that programs gave them.
 */
public final class Layers {
    /**
     * One tree and what names it.
     *
     * @param tree the digest of the manifest's bytes
     */
    public record Merged(Manifest manifest, Digest tree) {}

    private Layers() {}

    /** The one tree that these make; a single one is returned as it is, its devices 0:0 included. */
    public static Manifest merge(List<Manifest> upperFirst) throws IOException {
        return upperFirst.size() == 1
                ? upperFirst.get(0)
                : mergeAndName(upperFirst).manifest();
    }

    /** As {@link #merge}, with the digest that names the merged tree. */
    public static Merged mergeAndName(List<Manifest> upperFirst) throws IOException {
        if (upperFirst.isEmpty()) {
            throw new IllegalArgumentException("no layers");
        }
        if (upperFirst.size() == 1) {
            return new Merged(upperFirst.get(0), digest(upperFirst.get(0)));
        }
        String file = upperFirst.stream().map(Manifest::file).collect(Collectors.joining(" over "));
        requireCount(file, upperFirst);
        return built(file, new LayerMerge(upperFirst, upperFirst.size(), entry -> false).run());
    }

    /**
     * The entries of the one tree that a layer makes of the tree below it. In that tree nothing is a mark: who wrote the layer was not
     * shown what looks like one, and so did not change it.
     *
     * @param deletes whether an entry of the upper stands for its name being deleted, though it is no whiteout
     */
    public static ManifestBuilder over(Manifest upper, IntPredicate deletes, Manifest lower) throws FormatException {
        List<Manifest> upperFirst = List.of(upper, lower);
        requireCount(upper.file() + " over " + lower.file(), upperFirst);
        return new LayerMerge(upperFirst, 1, deletes).run();
    }

    /** The manifest of what a builder has collected, without a file; messages name it as said. */
    public static Merged built(String file, ManifestBuilder builder) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySink bytes = new MemorySink(arena);
            Digest tree = builder.writeTo(bytes);
            return new Merged(ManifestReader.read(file, bytes.written()), tree);
        }
    }

    /** The digest of the bytes from which this manifest was read: there is only one way to write it. */
    public static Digest digest(Manifest manifest) throws IOException {
        ManifestBuilder builder = new ManifestBuilder(manifest.entryCount());
        EntryCopy copy = new EntryCopy(builder, manifest, attributes -> attributes);
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            copy.head(entry, entry);
            switch (manifest.kind(entry)) {
                case DIRECTORY -> builder.children(manifest.childCount(entry));
                case HARD_LINK -> builder.hardLinkTo(manifest.primary(entry));
                default -> copy.contents(entry);
            }
        }
        return builder.writeTo(chunk -> {});
    }

    private static void requireCount(String file, List<Manifest> layers) throws FormatException {
        long entries = layers.stream().mapToLong(Manifest::entryCount).sum();
        if (entries > ManifestReader.MAX_ENTRIES) {
            throw new FormatException(file, 0, Reason.BAD_LENGTH, entries + " entries in all layers");
        }
    }
}

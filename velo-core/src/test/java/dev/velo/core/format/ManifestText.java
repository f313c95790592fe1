package dev.velo.core.format;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** A manifest as lines of text, and as bytes again by way of the builder. */
public final class ManifestText {
    private ManifestText() {}

    public static String of(Manifest manifest) {
        int[] parents = manifest.parents();
        StringBuilder text = new StringBuilder();
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            text.append(String.format("%o %s ", manifest.permissions(entry), manifest.kind(entry)));
            text.append(manifest.describe(entry, parents)).append(' ').append(details(manifest, entry));
            text.append(String.format(" @%d.%09d", manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry)));
            if (manifest.hasOwner(entry)) {
                text.append(" of ").append(manifest.uid(entry)).append(':').append(manifest.gid(entry));
            }
            if (manifest.hasAttributes(entry)) {
                text.append(' ')
                        .append(manifest.attributes(entry).stream()
                                .map(one -> new String(one.name(), StandardCharsets.UTF_8) + "="
                                        + HexFormat.of().formatHex(one.value()))
                                .collect(Collectors.joining(",", "{", "}")));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String details(Manifest manifest, int entry) {
        return switch (manifest.kind(entry)) {
            case FILE ->
                manifest.blob(entry) < 0
                        ? "empty"
                        : manifest.size(entry) + " bytes "
                                + manifest.digest(manifest.blob(entry))
                                        .toString()
                                        .substring(0, 8);
            case DIRECTORY -> manifest.childCount(entry) + " from " + manifest.firstChild(entry);
            case SYMLINK -> "-> " + new String(manifest.target(entry), StandardCharsets.UTF_8);
            case HARD_LINK -> "= " + manifest.describe(manifest.primary(entry), manifest.parents());
            case CHARACTER_DEVICE, BLOCK_DEVICE -> (manifest.device(entry) >>> 32) + ":" + (int) manifest.device(entry);
            case FIFO -> "-";
        };
    }

    /** What the builder writes when it is told everything that the manifest says. */
    static byte[] rebuilt(Manifest manifest) {
        ManifestBuilder builder = new ManifestBuilder(1);
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            byte[] name = manifest.name(entry);
            builder.entry(manifest.kind(entry), name, 0, name.length, manifest.permissions(entry));
            builder.mtime(manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry));
            if (manifest.hasOwner(entry)) {
                builder.owner(manifest.uid(entry), manifest.gid(entry));
            }
            if (manifest.hasAttributes(entry)) {
                builder.attributes(AttributeSet.encode(manifest.attributes(entry)));
            }
            switch (manifest.kind(entry)) {
                case FILE -> addFile(builder, manifest, entry);
                case DIRECTORY -> builder.children(manifest.childCount(entry));
                case SYMLINK -> builder.target(manifest.target(entry));
                case HARD_LINK -> builder.hardLinkTo(manifest.primary(entry));
                case CHARACTER_DEVICE, BLOCK_DEVICE -> builder.device(manifest.device(entry));
                case FIFO -> {}
            }
        }
        return ManifestFixture.write(builder);
    }

    private static void addFile(ManifestBuilder builder, Manifest manifest, int entry) {
        if (manifest.blob(entry) < 0) {
            builder.emptyFile();
            return;
        }
        Digest digest = manifest.digest(manifest.blob(entry));
        builder.blob(digest.word0(), digest.word1(), digest.word2(), digest.word3(), manifest.size(entry));
    }
}

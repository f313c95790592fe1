package dev.velo.core.view;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Copies entries of one manifest into a new one. */
final class EntryCopy {
    private static final byte[] NONE = new byte[0];

    private final ManifestBuilder builder;
    private final Manifest manifest;
    private final UnaryOperator<List<AttributeSet.Attribute>> copied;
    private final Map<Integer, byte[]> attributeSets = new HashMap<>();

    /** @param copied what becomes of the attributes of an entry */
    EntryCopy(ManifestBuilder builder, Manifest manifest, UnaryOperator<List<AttributeSet.Attribute>> copied) {
        this.builder = builder;
        this.manifest = manifest;
        this.copied = copied;
    }

    /** Begins an entry with the name of one and the kind and metadata of another, which is the same but for further names. */
    void head(int named, int inode) {
        byte[] name = manifest.name(named);
        builder.entry(manifest.kind(inode), name, 0, name.length, manifest.permissions(inode));
        builder.mtime(manifest.mtimeSeconds(inode), manifest.mtimeNanos(inode));
        if (manifest.hasOwner(inode)) {
            builder.owner(manifest.uid(inode), manifest.gid(inode));
        }
        byte[] attributes = attributes(inode);
        if (attributes.length > 0) {
            builder.attributes(attributes);
        }
    }

    /** Begins a further name of an entry that the new manifest has already. */
    void furtherName(int named, int primary) {
        byte[] name = manifest.name(named);
        builder.entry(EntryKind.HARD_LINK, name, 0, name.length, 0);
        builder.hardLinkTo(primary);
    }

    /** Completes an entry that is neither a directory nor a further name. */
    void contents(int inode) {
        switch (manifest.kind(inode)) {
            case FILE -> {
                if (manifest.blob(inode) < 0) {
                    builder.emptyFile();
                } else {
                    Digest digest = manifest.digest(manifest.blob(inode));
                    builder.blob(digest.word0(), digest.word1(), digest.word2(), digest.word3(), manifest.size(inode));
                }
            }
            case SYMLINK -> builder.target(manifest.target(inode));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> builder.device(manifest.device(inode));
            case FIFO -> {}
            case DIRECTORY, HARD_LINK -> throw new IllegalArgumentException("entry " + inode + " has no contents");
        }
    }

    private byte[] attributes(int inode) {
        return manifest.hasAttributes(inode)
                ? attributeSets.computeIfAbsent(manifest.attributesId(inode), id -> copiedAttributes(inode))
                : NONE;
    }

    private byte[] copiedAttributes(int inode) {
        List<AttributeSet.Attribute> attributes = copied.apply(manifest.attributes(inode));
        return attributes.isEmpty() ? NONE : AttributeSet.encode(attributes);
    }
}

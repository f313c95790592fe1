package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.verify.BootCheck;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.util.List;

/**
 * Takes a tree into a store that is in no directory: whoever has it describes it entry by entry, and file contents go straight into
 * packs. No file of the tree is ever made, so owners, devices and times are exact whoever does this, and no name can reach outside.
 * Killed at any instant, the store is as before or as after. What comes later takes the place of what was there, but directories merge.
 */
public final class TreeIntake {
    private final long free;
    private final IngestListener listener;
    private final BlobIntake blobs;
    private final TreeDraft draft = new TreeDraft();
    private final Warnings warnings = new Warnings();
    private long files;
    private long bytes;

    /** Where the tree comes from. */
    @FunctionalInterface
    public interface Source {
        /** Describes the whole tree; what this throws is thrown on, and nothing is published then. */
        void describe(TreeIntake tree) throws IOException;
    }

    private TreeIntake(BlobIntake blobs, long free, IngestListener listener) {
        this.free = free;
        this.blobs = blobs;
        this.listener = listener;
    }

    /**
     * Takes the tree that the source describes, and writes its manifest to this absolute path. Of the options those count that are
     * not about directories: owner, time, durability, trust and the size of packs.
     *
     * @throws IngestException if an entry cannot be taken; nothing is published then
     */
    @SuppressWarnings("try") // the lock is only held
    public static IngestReport run(
            Store store, byte[] manifestPath, IngestOptions options, IngestListener listener, Source source)
            throws IOException {
        List<String> damaged = BootCheck.run(store);
        try (Descriptor lock = store.lockShared();
                Packs packs = store.packs();
                Arena arena = Arena.ofConfined();
                PackAppender appender = new PackAppender(store, packs, options, listener, 0)) {
            long free = Files.getFileStore(LocalPath.of(store.path())).getUsableSpace();
            TreeIntake intake = new TreeIntake(new BlobIntake(appender, arena), free, listener);
            damaged.forEach(intake.warnings::add);
            source.describe(intake);
            intake.blobs.finish();
            ManifestBuilder builder = intake.draft.assemble(options);
            Digest tree = new Publication(store, options, manifestPath, new byte[0]).publish(builder);
            return new IngestReport(
                    tree,
                    builder.entryCount(),
                    intake.files,
                    intake.bytes,
                    intake.files,
                    intake.bytes,
                    appender.newBlobs(),
                    appender.newBytes(),
                    appender.packBytes(),
                    intake.warnings.count(),
                    intake.warnings.listed());
        }
    }

    /** A directory, which may be there already; an empty path is the root. */
    public void directory(byte[] path, EntryMetadata metadata) throws IngestException {
        draft.directory(path, stored(path, metadata));
        listener.scanned(1);
    }

    /**
     * A regular file.
     *
     * @param contents that many bytes of it are read
     */
    public void file(byte[] path, EntryMetadata metadata, InputStream contents, long size) throws IOException {
        TreeDraft.Place place = draft.place(path);
        if (size > free) {
            // not after hours of zeros that nobody has stored anywhere
            throw new IngestException(
                    path, "claims to be " + size + " bytes long, and the store's file system has " + free + " left");
        }
        EntryMetadata stored = stored(path, metadata);
        Digest blob = size == 0 ? null : blobs.take(contents, size);
        draft.file(place, stored, blob, size);
        files++;
        bytes += size;
        listener.scanned(1);
    }

    /** A symbolic link; its permissions mean nothing. */
    public void symlink(byte[] path, EntryMetadata metadata, byte[] target) throws IngestException {
        draft.symlink(path, metadata, target);
        listener.scanned(1);
    }

    /** A further name of a file that was described before. */
    public void hardLink(byte[] path, byte[] target) throws IngestException {
        draft.hardLink(path, target);
        listener.scanned(1);
    }

    /**
     * A fifo or a device.
     *
     * @param device major number in the high half, minor in the low one; 0 for a fifo
     */
    public void special(byte[] path, EntryKind kind, EntryMetadata metadata, long device) throws IngestException {
        draft.special(path, kind, metadata, device);
        listener.scanned(1);
    }

    /** Deletes what layers below this tree have at this path. */
    public void whiteout(byte[] path, EntryMetadata metadata) throws IngestException {
        draft.whiteout(path, metadata);
        listener.scanned(1);
    }

    /** Hides what layers below this tree have in this directory. */
    public void opaque(byte[] path) throws IngestException {
        draft.opaque(path);
        listener.scanned(1);
    }

    /** With those attributes only that belong to a tree. */
    private static EntryMetadata stored(byte[] path, EntryMetadata metadata) throws IngestException {
        List<AttributeSet.Attribute> attributes = Attributes.belonging(metadata.attributes());
        if (!AttributeSet.isStorable(attributes)) {
            throw new IngestException(path, "has extended attributes that no file can have");
        }
        return metadata.with(attributes);
    }

    /** Something that is left out, and why. */
    public void warn(String warning) {
        warnings.add(warning);
    }
}

package dev.velo.core.ingest;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Statx;
import java.util.List;

/** Makes the manifest of a tree whose files have all been read. */
final class ManifestAssembly {
    private static final int PERMISSION_BITS = 07777;

    private final ScannedTree tree;
    private final FileFacts facts;
    private final ManifestBuilder builder;
    private final List<byte[]> prefix;

    private final StoredMetadata metadata;

    /** The number in the manifest of each entry of the tree but directories. */
    private final int[] numbers;

    ManifestAssembly(Ingestion ingestion) {
        this.tree = ingestion.tree();
        this.facts = ingestion.facts();
        IngestOptions options = ingestion.options();
        this.prefix = PathBytes.names(options.prefix());
        this.builder = new ManifestBuilder(tree.entryCount() + prefix.size());
        this.metadata = new StoredMetadata(builder, options);
        this.numbers = new int[tree.entryCount()];
    }

    ManifestBuilder assemble() {
        for (int i = 0; i < prefix.size(); i++) {
            directory(i == 0 ? new byte[0] : prefix.get(i - 1), tree.rootHolder, 0);
            builder.children(1);
        }
        byte[] rootName = prefix.isEmpty() ? new byte[0] : prefix.get(prefix.size() - 1);
        directory(rootName, tree.rootHolder, 0);
        attributes(0);
        builder.children(childCount(tree.directories.get(0)));
        int subdirectory = 1;
        for (int number = 0; number < tree.directories.size(); number++) {
            ScannedDirectory directory = tree.directories.get(number);
            for (int index = 0; index < directory.count; index++) {
                if (directory.type(index) == Statx.S_IFDIR) {
                    directory(directory.name(index), directory, index);
                    attributes(directory.firstEntry + index);
                    builder.children(childCount(tree.directories.get(subdirectory++)));
                } else if (!isDropped(directory.firstEntry + index)) {
                    entry(directory, index, directory.firstEntry + index);
                }
            }
        }
        return builder;
    }

    /** What was assembled. */
    ManifestBuilder manifest() {
        return builder;
    }

    /** The number of the blob of this file of the tree in the manifest; -1 if it is empty. */
    int blob(int entry) {
        return builder.blob(numbers[entry]);
    }

    private boolean isDropped(int entry) {
        int primary = facts.primary(entry);
        return facts.isDropped(primary >= 0 ? primary : entry);
    }

    private int childCount(ScannedDirectory directory) {
        int count = 0;
        for (int index = 0; index < directory.count; index++) {
            count += directory.type(index) != Statx.S_IFDIR && isDropped(directory.firstEntry + index) ? 0 : 1;
        }
        return count;
    }

    private void directory(byte[] name, ScannedDirectory holder, int index) {
        builder.entry(EntryKind.DIRECTORY, name, 0, name.length, holder.modes[index] & PERMISSION_BITS);
        common(holder, index);
    }

    private void entry(ScannedDirectory directory, int index, int entry) {
        numbers[entry] = builder.entryCount();
        int primary = facts.primary(entry);
        EntryKind kind = primary >= 0 ? EntryKind.HARD_LINK : kindOf(directory.type(index));
        int permissions = switch (kind) {
            case HARD_LINK -> 0;
            case SYMLINK -> StoredMetadata.LINK_PERMISSIONS;
            default -> directory.modes[index] & PERMISSION_BITS;
        };
        builder.entry(kind, directory.names, directory.nameStart(index), directory.nameLength(index), permissions);
        if (kind == EntryKind.HARD_LINK) {
            builder.hardLinkTo(numbers[primary]);
            return;
        }
        common(directory, index);
        attributes(entry);
        switch (kind) {
            case FILE -> file(directory.sizes[index], entry);
            case SYMLINK -> {
                byte[] target = directory.target(index);
                builder.target(target == null ? new byte[0] : target);
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE -> builder.device(directory.sizes[index]);
            default -> {}
        }
    }

    private void file(long size, int entry) {
        if (size == 0) {
            builder.emptyFile();
        } else {
            builder.blob(
                    facts.digestWord(entry, 0),
                    facts.digestWord(entry, 1),
                    facts.digestWord(entry, 2),
                    facts.digestWord(entry, 3),
                    size);
        }
    }

    private void common(ScannedDirectory holder, int index) {
        metadata.add(
                holder.modifiedSeconds[index], holder.modifiedNanos[index], (int) (holder.owners[index] >>> 32), (int)
                        holder.owners[index]);
    }

    private void attributes(int entry) {
        byte[] encoded = facts.attributes(entry);
        if (encoded.length > 0) {
            builder.attributes(encoded);
        }
    }

    private static EntryKind kindOf(int type) {
        return switch (type) {
            case Statx.S_IFREG -> EntryKind.FILE;
            case Statx.S_IFLNK -> EntryKind.SYMLINK;
            case Statx.S_IFIFO -> EntryKind.FIFO;
            case Statx.S_IFCHR -> EntryKind.CHARACTER_DEVICE;
            case Statx.S_IFBLK -> EntryKind.BLOCK_DEVICE;
            default ->
                throw new IllegalStateException("a file of type " + Integer.toOctalString(type) + " passed the scan");
        };
    }
}

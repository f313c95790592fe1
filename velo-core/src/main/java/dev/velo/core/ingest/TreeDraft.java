package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.OverlayMarks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tree in the making, whose entries may come in any order. What comes later takes the place of what was there, but directories
 * merge; directories that nobody has described are made when something comes that stands in them. Paths are relative to the tree, and
 * no symbolic link is followed: nothing can be named that is not in the tree. An object per entry, for trees that are not scanned.
 */
final class TreeDraft {
    private static final int NAME_MAX = 255;
    private static final int TARGET_MAX = 4095;
    private static final int MAJOR_BITS = 12;
    private static final int MINOR_BITS = 20;
    private static final EntryMetadata IMPLIED = EntryMetadata.timeless(0755);
    private static final AttributeSet.Attribute OPAQUE = OverlayMarks.opaque();

    private final DraftEntry root = new DraftEntry(EntryKind.DIRECTORY, IMPLIED);

    /** A place for an entry: a directory and a name in it. */
    @SuppressWarnings("ArrayRecordComponent") // names are bytes; never compared
    record Place(DraftEntry directory, byte[] name) {
        @Nullable
        DraftEntry occupant() {
            return directory.children.get(name);
        }

        void put(DraftEntry entry) {
            directory.put(name, entry);
        }
    }

    /** Where this path leads to; the directories above are made. */
    Place place(byte[] path) throws IngestException {
        List<byte[]> names = names(path);
        if (names.isEmpty()) {
            throw new IngestException(path, "is the root of the tree, which must be a directory");
        }
        DraftEntry directory = root;
        for (byte[] name : names.subList(0, names.size() - 1)) {
            directory = descend(path, directory, name);
        }
        return new Place(directory, names.getLast());
    }

    private static DraftEntry descend(byte[] path, DraftEntry directory, byte[] name) throws IngestException {
        DraftEntry next = directory.children.get(name);
        if (next == null) {
            next = new DraftEntry(EntryKind.DIRECTORY, IMPLIED);
            directory.put(name, next);
        } else if (next.kind == EntryKind.SYMLINK) {
            throw new IngestException(
                    path, "stands below " + PathBytes.show(name) + ", which is a symbolic link; none is followed here");
        } else if (!next.isDirectory()) {
            throw new IngestException(path, "stands below " + PathBytes.show(name) + ", which is no directory");
        }
        return next;
    }

    /** The names of a path, without those that stand for the directory itself. */
    private static List<byte[]> names(byte[] path) throws IngestException {
        List<byte[]> names = new ArrayList<>();
        for (byte[] name : PathBytes.names(path)) {
            String shown = PathBytes.show(name);
            if (shown.equals("..") || shown.indexOf('\0') >= 0 || name.length > NAME_MAX) {
                throw new IngestException(path, "has a name that no file can have here");
            }
            if (!shown.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    /** A directory; one that is there already only gets this metadata. */
    DraftEntry directory(byte[] path, EntryMetadata metadata) throws IngestException {
        if (names(path).isEmpty()) {
            root.metadata = metadata;
            return root;
        }
        Place place = place(path);
        DraftEntry there = place.occupant();
        if (there == null || !there.isDirectory()) {
            there = new DraftEntry(EntryKind.DIRECTORY, metadata);
            place.put(there);
        }
        there.metadata = metadata;
        return there;
    }

    void file(Place place, EntryMetadata metadata, @Nullable Digest blob, long size) {
        DraftEntry file = new DraftEntry(EntryKind.FILE, metadata);
        file.blob = blob;
        file.size = size;
        place.put(file);
    }

    void symlink(byte[] path, EntryMetadata metadata, byte[] target) throws IngestException {
        boolean possible = target.length > 0
                && target.length <= TARGET_MAX
                && PathBytes.show(target).indexOf('\0') < 0;
        if (!possible) {
            throw new IngestException(path, "is a symbolic link to what is no path");
        }
        DraftEntry link = new DraftEntry(EntryKind.SYMLINK, metadata);
        link.target = target;
        place(path).put(link);
    }

    /** A further name of an entry that is there already. */
    void hardLink(byte[] path, byte[] target) throws IngestException {
        DraftEntry linked = root;
        for (byte[] name : names(target)) {
            linked = linked == null ? null : linked.children.get(name);
        }
        if (linked == null) {
            throw new IngestException(
                    path, "is a hard link to " + PathBytes.show(target) + ", which is not among the entries before it");
        }
        if (linked.isDirectory()) {
            throw new IngestException(path, "is a hard link to the directory " + PathBytes.show(target));
        }
        place(path).put(linked);
    }

    /** A fifo or a device; the latter with the major number in the high half, the minor in the low one. */
    void special(byte[] path, EntryKind kind, EntryMetadata metadata, long device) throws IngestException {
        if (device >>> (Integer.SIZE + MAJOR_BITS) != 0 || (int) device >>> MINOR_BITS != 0) {
            throw new IngestException(
                    path, "is the device " + (device >>> Integer.SIZE) + ":" + (int) device + ", which cannot be");
        }
        DraftEntry special = new DraftEntry(kind, metadata);
        special.size = device;
        place(path).put(special);
    }

    /** Deletes what the layers below have here; what this tree itself has here stays. */
    void whiteout(byte[] path, EntryMetadata metadata) throws IngestException {
        Place place = place(path);
        place.directory().delete(place.name(), new DraftEntry(EntryKind.CHARACTER_DEVICE, metadata));
    }

    /** Hides what the layers below have in this directory. */
    void opaque(byte[] path) throws IngestException {
        directoryAt(path).isOpaque = true;
    }

    private DraftEntry directoryAt(byte[] path) throws IngestException {
        DraftEntry directory = root;
        for (byte[] name : names(path)) {
            directory = descend(path, directory, name);
        }
        return directory;
    }

    /** The manifest of all this, once. */
    ManifestBuilder assemble(IngestOptions options) {
        ManifestBuilder builder = new ManifestBuilder(16);
        StoredMetadata stored = new StoredMetadata(builder, options);
        Queue<SortedMap<byte[], DraftEntry>> directories = new ArrayDeque<>();
        write(builder, stored, new byte[0], root, directories);
        while (!directories.isEmpty()) {
            directories.remove().forEach((name, entry) -> write(builder, stored, name, entry, directories));
        }
        return builder;
    }

    private static void write(
            ManifestBuilder builder,
            StoredMetadata stored,
            byte[] name,
            DraftEntry entry,
            Queue<SortedMap<byte[], DraftEntry>> directories) {
        if (entry.number >= 0) {
            builder.entry(EntryKind.HARD_LINK, name, 0, name.length, 0);
            builder.hardLinkTo(entry.number);
            return;
        }
        entry.number = builder.entryCount();
        EntryMetadata metadata = entry.metadata;
        int permissions = entry.kind == EntryKind.SYMLINK ? StoredMetadata.LINK_PERMISSIONS : metadata.permissions();
        builder.entry(entry.kind, name, 0, name.length, permissions);
        stored.add(metadata.mtimeSeconds(), metadata.mtimeNanos(), metadata.uid(), metadata.gid());
        List<AttributeSet.Attribute> attributes = attributes(entry);
        if (!attributes.isEmpty()) {
            builder.attributes(AttributeSet.encode(attributes));
        }
        switch (entry.kind) {
            case DIRECTORY -> {
                SortedMap<byte[], DraftEntry> members = members(entry);
                builder.children(members.size());
                directories.add(members);
            }
            case FILE -> {
                Digest blob = entry.blob;
                if (blob == null) {
                    builder.emptyFile();
                } else {
                    builder.blob(blob.word0(), blob.word1(), blob.word2(), blob.word3(), entry.size);
                }
            }
            case SYMLINK -> builder.target(entry.target);
            case CHARACTER_DEVICE, BLOCK_DEVICE -> builder.device(entry.size);
            case FIFO -> {}
            case HARD_LINK -> throw new IllegalStateException("hard links have no entry of their own");
        }
    }

    private static List<AttributeSet.Attribute> attributes(DraftEntry entry) {
        if (entry.kind != EntryKind.FILE && !entry.isDirectory()) {
            return List.of();
        }
        List<AttributeSet.Attribute> attributes = entry.metadata.attributes();
        if (entry.isOpaque) {
            attributes = new ArrayList<>(attributes);
            attributes.removeIf(attribute -> Arrays.equals(attribute.name(), OPAQUE.name()));
            attributes.add(OPAQUE);
        }
        return attributes;
    }

    /** The children of a directory with the marks of what it deletes: of a directory that is new in its place, that it is opaque. */
    private static SortedMap<byte[], DraftEntry> members(DraftEntry directory) {
        if (directory.whiteouts.isEmpty()) {
            return directory.children;
        }
        SortedMap<byte[], DraftEntry> members = new TreeMap<>(directory.children);
        for (Map.Entry<byte[], DraftEntry> deleted : directory.whiteouts.entrySet()) {
            DraftEntry own = members.putIfAbsent(deleted.getKey(), deleted.getValue());
            if (own != null && own.isDirectory()) {
                own.isOpaque = true;
            }
        }
        return members;
    }
}

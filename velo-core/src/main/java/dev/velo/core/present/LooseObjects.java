package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.BlobReader;
import dev.velo.core.store.Packs;
import dev.velo.core.store.ReadOnlyStoreException;
import dev.velo.core.store.SparseWriter;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Links files of trees to loose inodes of the store, and makes the inodes that are missing, for one thread. An inode holds one blob
 * with one set of metadata and is never changed; its name, from which it can be verified, is a {@link LooseName}.
 */
final class LooseObjects {
    /** Who may write to the inodes. */
    enum Writability {
        /** As the manifest says: they are only ever shown through read-only mounts and overlays. */
        AS_STORED,
        /** Nobody: they leave the store's care. */
        NOBODY
    }

    private static final int WRITE_BITS = 0222;

    private final Manifest manifest;
    private final Packs packs;
    private final MetadataPolicy metadata;
    private final Writability writability;
    private final int room;
    private final LooseName name;
    private final BlobReader reader = new BlobReader();
    private final SparseWriter writer = new SparseWriter();

    /** The folders that are there for certain. */
    private final Set<Integer> folders = new HashSet<>();

    private long made;

    /** In a store that can only be read none can be used: nobody may link to another user's files. */
    LooseObjects(Store store, Packs packs, Manifest manifest, MetadataPolicy metadata, Writability writability)
            throws ReadOnlyStoreException {
        store.requireWritable();
        this.manifest = manifest;
        this.packs = packs;
        this.metadata = metadata;
        this.writability = writability;
        this.room = store.fd(writability == Writability.NOBODY ? Store.Room.HANDED : Store.Room.OBJECTS);
        this.name = new LooseName(manifest, metadata);
    }

    /** Links the file of this entry into a directory; returns 0, or EXDEV or EMLINK where no link can be made. */
    int link(int directory, int entry, int copy) throws IOException {
        int mode = mode(entry);
        long object = name.put(entry, mode, copy);
        int result = -LinkCalls.tryLinkat(room, object, directory, manifest.nameAddress(entry));
        if (result == Errno.ENOENT.number()) {
            make(entry, mode, copy);
            result = -LinkCalls.tryLinkat(room, name.put(entry, mode, copy), directory, manifest.nameAddress(entry));
        }
        if (result != 0 && result != Errno.EXDEV.number() && result != Errno.EMLINK.number()) {
            throw LinkCalls.failure(result, directory, manifest.nameAddress(entry));
        }
        return result;
    }

    /** Whether the first inode for this entry's file is there. */
    boolean has(int entry) throws IOException {
        return Existence.of(room, name.bytes(entry, mode(entry), 0), FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    int mode(int entry) {
        int mode = metadata.mode(manifest, entry);
        return writability == Writability.NOBODY ? mode & ~WRITE_BITS : mode;
    }

    /** How many inodes were made. */
    long made() {
        return made;
    }

    private void make(int entry, int mode, int copy) throws IOException {
        makeFolder(entry);
        Digest digest = manifest.digest(manifest.blob(entry));
        Packs.Location location = packs.require(digest, manifest.file());
        // in the room, not in its folder: so neighbours in the tree become neighbours among the inodes, which links are
        // quicker to
        int flags = FileCalls.O_TMPFILE | FileCalls.O_RDWR;
        try (Descriptor file = new Descriptor(FileCalls.openat(room, PathBytes.of("."), flags, 0600))) {
            fill(location, digest, file.fd());
            FileMetadata.apply(metadata, manifest, entry, file.fd(), mode);
            byte[] self = PathBytes.of("/proc/self/fd/" + file.fd());
            LinkCalls.linkat(
                    FileCalls.AT_FDCWD, self, room, name.bytes(entry, mode, copy), FileCalls.AT_SYMLINK_FOLLOW);
            made++;
        } catch (ErrnoException e) {
            // another process made the same
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
    }

    private void makeFolder(int entry) throws ErrnoException {
        byte[] folder = name.folder(entry);
        if (!folders.add(folder[0] << Byte.SIZE | folder[1])) {
            return;
        }
        Folder.make(room, folder, 0700);
    }

    private void fill(Packs.Location location, Digest digest, int fd) throws IOException {
        reader.read(location, digest, writer.begin(fd));
        writer.finish();
    }
}

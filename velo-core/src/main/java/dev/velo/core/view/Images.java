package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.PackFormat;
import dev.velo.core.format.Reason;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.LockFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Profile;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.IdentityCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The images of a store, one for each tree, policy and owner: made when first asked for, and made again when a pack that they point
 * into has gone or their bytes are damaged. For a store that can only be read, one that its owner has not made is kept where this user
 * {@linkplain Store#making keeps} what is made from it.
 */
public final class Images {
    private static final byte[] RANDOM = PathBytes.of("/dev/urandom");

    private Images() {}

    /**
     * The image of this tree, for whoever runs this; the caller closes it. Who can only read the store, and has no place to make one,
     * gets the one of the store's owner, if that is there. Whether one that is there is whole is asked as the environment says
     * ({@link ReadCheck#ofEnvironment}).
     */
    public static Image of(Store store, Digest tree, MetadataPolicy policy, ManifestSource source) throws IOException {
        return of(store, tree, policy, source, ReadCheck.ofEnvironment());
    }

    /** The same, with an image that is there held against its checksum unless that is {@link ReadCheck#NEVER}. */
    public static Image of(Store store, Digest tree, MetadataPolicy policy, ManifestSource source, ReadCheck check)
            throws IOException {
        int uid = IdentityCalls.geteuid();
        int gid = IdentityCalls.getegid();
        byte[] name = name(tree, policy, uid, gid);
        Image image = inStore(store, tree, name, check);
        if (image != null) {
            return image;
        }
        Store.Place place;
        try {
            place = store.making(Store.Room.IMAGES);
        } catch (IOException e) {
            image = ofOwner(store, tree, policy.trust(), check);
            if (image == null) {
                throw e;
            }
            return image;
        }
        image = store.isReadOnly() ? openCurrent(store, place, tree, name, check) : null;
        return image != null ? image : bind(store, place, tree, policy, name, source, check);
    }

    private static @Nullable Image inStore(Store store, Digest tree, byte[] name, ReadCheck check) throws IOException {
        return store.has(Store.Room.IMAGES)
                ? openCurrent(store, store.place(Store.Room.IMAGES), tree, name, check)
                : null;
    }

    private static @Nullable Image ofOwner(Store store, Digest tree, Root.Trust trust, ReadCheck check)
            throws IOException {
        if (!store.has(Store.Room.IMAGES)) {
            return null;
        }
        Statx room = new Statx();
        FileCalls.fstatx(store.fd(Store.Room.IMAGES), room);
        for (MetadataPolicy.Ownership ownership : MetadataPolicy.Ownership.values()) {
            byte[] name = name(tree, new MetadataPolicy(trust, ownership), room.uid(), room.gid());
            Image image = inStore(store, tree, name, check);
            if (image != null) {
                return image;
            }
        }
        return null;
    }

    /** Is told of images that are damaged. */
    @FunctionalInterface
    public interface Complaint {
        void about(byte[] name, FormatException damage);
    }

    /** Reads all images of a store, and tells what is wrong with them. */
    public static void check(Store store, Complaint complaint) throws IOException {
        if (!store.has(Store.Room.IMAGES)) {
            return;
        }
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.IMAGES))) {
            String shown = PathBytes.show(name);
            if (shown.startsWith(".") || shown.endsWith(LockFile.SUFFIX)) {
                continue;
            }
            try (Image image = Image.open(path(store.place(Store.Room.IMAGES), name))) {
                image.verify();
            } catch (FormatException e) {
                complaint.about(name, e);
            } catch (ErrnoException e) {
                // bound anew at this moment by somebody else, or no file of Velo's
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ELOOP && !store.isWithheld(e)) {
                    throw e;
                }
            }
        }
    }

    @SuppressWarnings("try") // the locks are only held
    private static Image bind(
            Store store,
            Store.Place place,
            Digest tree,
            MetadataPolicy policy,
            byte[] name,
            ManifestSource source,
            ReadCheck check)
            throws IOException {
        int room = place.fd();
        byte[] lockName = PathBytes.of(PathBytes.show(name) + LockFile.SUFFIX);
        // of many who want it one makes it, and the others wait
        try (Descriptor shared = store.lockShared();
                Descriptor lock = LockFile.take(room, lockName)) {
            Image made = openCurrent(store, place, tree, name, check);
            if (made != null) {
                return made;
            }
            Manifest manifest = source.read();
            Binding binding = new Binding(
                    policy, IdentityCalls.geteuid(), IdentityCalls.getegid(), PackFormat.BLOCK_SHIFT, freshSeed());
            try (Packs packs = store.packs();
                    PublishedFile file = PublishedFile.create(room, 0400)) {
                RawBlobs.require(store, packs, manifest);
                Profile.Layout layout = new Profiles(store).layout(tree);
                Digest together = layout == null ? null : layout.pack();
                BlobPlaces.Finder finder =
                        digest -> BlobDevice.Place.of(packs.requireFrom(together, digest, manifest.file()));
                binding.write(manifest, tree, finder, file);
                // what a power loss would leave of it could not be told from the whole
                FileCalls.fdatasync(file.fd());
                file.publishOver(name);
            }
            return Image.open(path(place, name));
        }
    }

    /** Has the images of a tree made anew when they are next asked for; those that are in use stay until they are closed. */
    public static void forget(Store store, Digest tree) throws IOException {
        int room = store.fd(Store.Room.IMAGES);
        for (byte[] name : DirectoryListing.names(room)) {
            String file = PathBytes.show(name);
            if (file.startsWith(tree + "-") && !file.endsWith(LockFile.SUFFIX)) {
                Trash.delete(room, name);
            }
        }
    }

    /** The same for the images that point into a pack. */
    public static void forgetPack(Store store, Digest pack) throws IOException {
        int room = store.fd(Store.Room.IMAGES);
        for (byte[] name : DirectoryListing.names(room)) {
            if (!PathBytes.show(name).endsWith(LockFile.SUFFIX) && pointsInto(store, name, pack)) {
                Trash.delete(room, name);
            }
        }
    }

    private static boolean pointsInto(Store store, byte[] name, Digest pack) throws IOException {
        try (Image image = Image.open(path(store.place(Store.Room.IMAGES), name))) {
            return image.packs().contains(pack);
        } catch (FormatException e) {
            return false;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP) {
                return false;
            }
            throw e;
        }
    }

    /** The image of this name if it is sound and all its packs are there; null if it has to be made. */
    private static @Nullable Image openCurrent(
            Store store, Store.Place place, Digest tree, byte[] name, ReadCheck check) throws IOException {
        try {
            Image image = Image.open(path(place, name));
            boolean current = false;
            try {
                if (check != ReadCheck.NEVER) {
                    image.requireWhole();
                }
                current = image.tree().equals(tree) && hasPacks(store, image);
            } finally {
                if (!current) {
                    image.close();
                }
            }
            return current ? image : null;
        } catch (FormatException e) {
            return null;
        } catch (ErrnoException e) {
            // ELOOP: a symbolic link stands in its place
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || store.isWithheld(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Whether the packs are there, and long enough: what a truncated one lacks the kernel may show as zeros. */
    private static boolean hasPacks(Store store, Image image) throws IOException {
        Statx stat = new Statx();
        for (int i = 0; i < image.packs().size(); i++) {
            try {
                byte[] name = PathBytes.of(image.packs().get(i) + ".pack");
                FileCalls.statx(store.fd(Store.Room.PACKS), name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
                if (stat.type() != Statx.S_IFREG
                        || stat.size() < image.packBytes().get(i)) {
                    return false;
                }
            } catch (ErrnoException e) {
                if (e.errno() == Errno.ENOENT) {
                    return false;
                }
                throw e;
            }
        }
        return true;
    }

    private static byte[] path(Store.Place place, byte[] name) {
        return PathBytes.join(place.path(), name);
    }

    private static byte[] name(Digest tree, MetadataPolicy policy, int uid, int gid) {
        String owners = policy.ownership() == MetadataPolicy.Ownership.STORED ? "-owners" : "";
        String trust = policy.trust() == Root.Trust.TRUSTED ? "-trusted" : "";
        return PathBytes.of(
                tree + "-" + Integer.toUnsignedString(uid) + "-" + Integer.toUnsignedString(gid) + owners + trust);
    }

    /** A number that nobody can know who makes a tree. */
    private static long freshSeed() throws IOException {
        try (Descriptor random = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, RANDOM, FileCalls.O_RDONLY, 0));
                Arena arena = Arena.ofConfined()) {
            MemorySegment seed = arena.allocate(ValueLayout.JAVA_LONG);
            if (FileBytes.readFully(random.fd(), seed.address(), Long.BYTES, 0) < Long.BYTES) {
                throw new FormatException(PathBytes.show(RANDOM), 0, Reason.TRUNCATED, "a seed");
            }
            return seed.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}

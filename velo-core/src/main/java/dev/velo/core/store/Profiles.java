package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of a store's trees, at {@code roots/TREE.profile}, because a recording cannot be derived again. One that is damaged is as
 * good as none for whoever wants a hint, and is told by {@link #check} alone.
 */
public final class Profiles {
    static final String SUFFIX = ".profile";

    private static final byte[] LOCK = PathBytes.of("profiles.lock");
    private static final long LIMIT = 256 << 20;

    private final Store store;
    private final int directory;

    /** Those of a store that stays open as long as they are used. */
    public Profiles(Store store) {
        this.store = store;
        this.directory = store.fd(Store.Room.ROOTS);
    }

    /** The profile of this tree; {@link Profile#NONE} if there is none. */
    public Profile of(Digest tree) throws IOException {
        try {
            return read(name(tree));
        } catch (FormatException e) {
            return Profile.NONE;
        }
    }

    /** Where what was read of this tree lies together; null if it does not. */
    public Profile.@Nullable Layout layout(Digest tree) throws IOException {
        byte[] bytes = bytes(name(tree));
        try {
            return bytes == null ? null : Profile.decodeLayout(shown(name(tree)), bytes);
        } catch (FormatException e) {
            return null;
        }
    }

    /** The packs in which what was read of these trees lies together. */
    public Set<Digest> packs(Set<Digest> trees) throws IOException {
        Set<Digest> packs = new HashSet<>();
        for (Digest tree : trees) {
            Profile.Layout layout = layout(tree);
            if (layout != null) {
                packs.add(layout.pack());
            }
        }
        return packs;
    }

    /** Replaces the profile of a tree by what the change makes of it, whatever others record meanwhile. */
    @SuppressWarnings("try") // the lock is only held
    public Profile change(Digest tree, UnaryOperator<Profile> change) throws IOException {
        store.requireWritable();
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;
        try (Descriptor lock = new Descriptor(FileCalls.openat(directory, LOCK, flags, 0600))) {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_EX);
            Profile changed = change.apply(of(tree));
            try (Arena arena = Arena.ofConfined();
                    PublishedFile file = PublishedFile.create(directory, 0600)) {
                file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, changed.encode()));
                FileCalls.fsync(file.fd());
                file.publishOver(name(tree));
            }
            return changed;
        }
    }

    /** Throws what is wrong with the profile of this name. */
    public void check(byte[] name) throws IOException {
        read(name);
    }

    private Profile read(byte[] name) throws IOException {
        byte[] bytes = bytes(name);
        return bytes == null ? Profile.NONE : Profile.decode(shown(name), bytes);
    }

    private byte @Nullable [] bytes(byte[] name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return FileBytes.read(arena, directory, name, LIMIT).toArray(ValueLayout.JAVA_BYTE);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || store.isWithheld(e)) {
                return null;
            }
            throw e;
        }
    }

    private String shown(byte[] name) {
        return PathBytes.show(PathBytes.join(store.path(Store.Room.ROOTS), name));
    }

    private static byte[] name(Digest tree) {
        return PathBytes.of(tree + SUFFIX);
    }
}

package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a store.
 *
 * @param place where the file stands; null if what is wrong is that something is nowhere
 * @param offset at which byte of that file, or 0
 * @param sentence what is wrong, with the path of the file
 * @param digest the blob or tree that it is about; null for another thing
 * @param uses who has the blob
 */
public record Finding(
        Kind kind,
        @Nullable Place place,
        long offset,
        String sentence,
        @Nullable Digest digest,
        Uses uses) {

    /** What is wrong. */
    public enum Kind {
        /** A pack cannot be read as one. */
        PACK,
        /** A pack has other bytes than those of a blob. */
        BLOB,
        /** A tree needs a blob that no pack has. */
        MISSING,
        /** The store's copy of a manifest is damaged, or gone. */
        MANIFEST,
        /** A registration is damaged. */
        ROOT,
        /** A recording is damaged. */
        PROFILE,
        /** A loose file has been changed. */
        LOOSE,
        /** A farm links to such a file. */
        FARM,
        /** An image is damaged. */
        IMAGE,
        /** A manifest contradicts a pack. */
        TREE
    }

    /**
     * A file of a store.
     *
     * @param name below the room
     */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    public record Place(Store.Room room, byte[] name) {}

    Finding withUses(Uses found) {
        return new Finding(kind, place, offset, sentence, digest, found);
    }

    /** The sentence and the uses, in one line. */
    public String told() {
        return uses.count() == 0 ? sentence : sentence + "; this is " + uses;
    }
}

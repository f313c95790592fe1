package dev.velo.core.collect;

import dev.velo.core.format.Digest;

/**
 * What a collection makes of a pack.
 *
 * @param blobs how many it holds
 * @param living how many of those trees need
 * @param bytes length of the file
 * @param livingBytes of the blobs that trees need
 */
public record PackVerdict(Digest pack, long blobs, long living, long bytes, long livingBytes, Fate fate) {
    /** What becomes of a pack. */
    public enum Fate {
        /** It stays: little or nothing in it is dead. */
        KEPT,
        /** It stays this time: it was made a short time ago. */
        YOUNG,
        /** It stays this time: a running command reads it, which could not go on without. */
        IN_USE,
        /** It stays: what lives of it is not what it should be, or cannot be read. */
        DAMAGED,
        /** What lives of it is copied to another pack. */
        REWRITTEN,
        /** Nothing in it lives. */
        REMOVED;

        /** Whether the file stays. */
        public boolean stays() {
            return this != REWRITTEN && this != REMOVED;
        }
    }

    /** The same with another fate. */
    PackVerdict with(Fate changed) {
        return new PackVerdict(pack, blobs, living, bytes, livingBytes, changed);
    }

    /** How many bytes of the file system this frees. */
    public long freedBytes() {
        return switch (fate) {
            case KEPT, YOUNG, IN_USE, DAMAGED -> 0;
            case REWRITTEN -> bytes - livingBytes;
            case REMOVED -> bytes;
        };
    }
}

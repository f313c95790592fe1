package dev.velo.core.store;

/** What an ingest waits for before it says that a tree is stored. */
public enum SyncPolicy {
    /** Blobs, index, manifest and root are on the disk: the tree survives a power cut. */
    FULL,
    /**
     * The index, manifest and root are on the disk, and writing of the blobs has begun: after a power cut the store opens and
     * {@code verify --contents} names what is damaged.
     */
    METADATA,
    /** Nothing is waited for: safe against the death of any process, not against that of the machine. */
    NONE
}

package dev.velo.core.ingest;

/** What a tree is scanned for. */
sealed interface ScanPurpose {
    /** As a tree of its own: rules that stand in it are followed, what cannot be stored is left out. */
    record Tree() implements ScanPurpose {}

    /** As a layer: whatever were left out would show what lies below it, so nothing is, and what cannot be stored becomes a whiteout. */
    record Layer() implements ScanPurpose {}

    /** As a layer that nobody needs any more, whose files and directories may be opened to their owner for good. */
    record OwnLayer(OwnerAccess access) implements ScanPurpose {}
}

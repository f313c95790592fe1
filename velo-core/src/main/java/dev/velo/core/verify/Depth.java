package dev.velo.core.verify;

/** How much a verification reads. */
public enum Depth {
    /** Headers, indexes and footers of packs, manifests, roots, profiles and images, and whether packs hold all blobs of the trees. */
    STRUCTURE,
    /** That, and the bytes of every blob and every loose file. */
    CONTENTS
}

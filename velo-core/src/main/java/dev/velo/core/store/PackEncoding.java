package dev.velo.core.store;

/** How blobs stand in new packs. */
public enum PackEncoding {
    /** As they are, so that the kernel and programs can map them. */
    RAW,
    /** Compressed, where that takes an eighth off; the others raw. For trees that are kept and seldom used. */
    COLD,
    /** As each stood before: what was compressed stays so, byte for byte. */
    KEPT
}

package dev.velo.core.present;

/**
 * The preload shim as it stands in a store; absolute paths.
 *
 * @param library what {@code LD_PRELOAD} names
 * @param audit what {@code LD_AUDIT} names: it redirects the dynamic loader, which opens libraries past every wrapper
 * @param empty an empty directory: what the kernel is shown where a program is shown a directory of the tree
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record ShimFiles(byte[] library, byte[] audit, byte[] empty) {}

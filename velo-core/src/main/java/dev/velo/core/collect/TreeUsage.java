package dev.velo.core.collect;

import dev.velo.core.format.Digest;

/**
 * What one tree takes of a store.
 *
 * @param files regular files; a file with several names counts once
 * @param bytes the sizes of those together
 * @param ownBytes what is stored of the blobs that no other registered tree has
 * @param sharedBytes what is stored of those that others have too
 * @param missing how many of its blobs are in no pack
 */
public record TreeUsage(Digest tree, long files, long bytes, long ownBytes, long sharedBytes, long missing) {}

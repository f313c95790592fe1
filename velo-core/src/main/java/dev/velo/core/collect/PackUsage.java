package dev.velo.core.collect;

/**
 * What all packs of a store hold together.
 *
 * @param packs how many there are
 * @param bytes their blobs with the padding between them
 * @param blobs how many blobs stand in them; one that stands in two packs counts twice
 * @param blobBytes the lengths of those together
 * @param livingBytes the lengths of the blobs that registered trees need, each once
 * @param deadBlobs how many blobs no registered tree needs, or stand in another pack as well
 * @param deadBytes the lengths of those together
 */
public record PackUsage(
        int packs, long bytes, long blobs, long blobBytes, long livingBytes, long deadBlobs, long deadBytes) {}

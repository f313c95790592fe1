package dev.velo.core.collect;

/**
 * What all packs of a store hold together.
 *
 * @param packs how many there are
 * @param bytes what is stored in them, with the padding between
 * @param blobs how many blobs stand in them; one that stands in two packs counts twice
 * @param compressedBlobs how many of those are compressed
 * @param blobBytes the lengths of those together, as they are read
 * @param livingBytes the lengths of the blobs that registered trees need, each once, as they are read
 * @param deadBlobs how many blobs no registered tree needs, or stand in another pack as well
 * @param deadBytes what is stored of those together
 */
public record PackUsage(
        int packs,
        long bytes,
        long blobs,
        long compressedBlobs,
        long blobBytes,
        long livingBytes,
        long deadBlobs,
        long deadBytes) {}

package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import java.util.List;

/**
 * What an ingest found and did.
 *
 * @param tree the digest of the manifest
 * @param entries everything in the tree, the root included
 * @param files regular files, further names of hard-linked ones not counted
 * @param bytes the sizes of those files together
 * @param filesRead how many of them were opened, because the stat cache did not know them
 * @param newBlobs how many blobs the store had not
 * @param newBytes how long those are together
 * @param packBytes how long the new packs are
 * @param warningCount how many warnings there were; {@code warnings} lists the first thousand
 */
public record IngestReport(
        Digest tree,
        long entries,
        long files,
        long bytes,
        long filesRead,
        long bytesRead,
        long newBlobs,
        long newBytes,
        long packBytes,
        long warningCount,
        List<String> warnings) {}

package dev.velo;

import java.util.List;

/**
 * What an ingest found and did.
 *
 * {@snippet :
 * VeloIngestReport report = store.ingest(Path.of("node_modules"), VeloIngestOptions.DEFAULT);
 * report.warnings().forEach(System.err::println);
 * System.out.println(report.newBytes() + " new bytes; the tree is " + report.tree().digest());
 * }
 *
 * @param tree the tree
 * @param entries everything in it, the root included
 * @param files regular files; a file with several names is counted once
 * @param bytes the sizes of those files together
 * @param filesRead how many of them had to be read
 * @param bytesRead how long those are together
 * @param newBlobs how many contents the store had not
 * @param newBytes how long those are together
 * @param packBytes how long the new packs are
 * @param warnings what was left out; the first thousand
 */
public record VeloIngestReport(
        VeloTree tree,
        long entries,
        long files,
        long bytes,
        long filesRead,
        long bytesRead,
        long newBlobs,
        long newBytes,
        long packBytes,
        List<String> warnings) {

    /** Copies the list. */
    public VeloIngestReport {
        warnings = List.copyOf(warnings);
    }
}

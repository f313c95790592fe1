package dev.velo.core.verify;

import java.util.List;

/**
 * What a verification found.
 *
 * @param packs how many packs there are
 * @param trees how many different trees were looked at
 * @param blobs how many blobs the packs list, or with contents how many were read
 * @param looseFiles how many loose files were read
 * @param bytes how many bytes of blobs and loose files were read
 * @param skippedPacks how many packs were not read because they were found whole before
 * @param findings what is wrong
 */
public record Report(
        Depth depth,
        int packs,
        int trees,
        long blobs,
        long looseFiles,
        long bytes,
        int skippedPacks,
        List<Finding> findings) {
    /** Copies the list. */
    public Report {
        findings = List.copyOf(findings);
    }

    /** What is wrong, a sentence each, sorted. */
    public List<String> problems() {
        return findings.stream().map(Finding::told).sorted().toList();
    }
}

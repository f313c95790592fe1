package dev.velo.core.verify;

import java.util.List;

/**
 * What came of a repair.
 *
 * @param found what was wrong before
 * @param done what was done, a sentence each
 * @param left what is lost, or could not be done, a sentence each
 */
public record RepairReport(Report found, List<String> done, List<String> left) {
    /** Copies the lists. */
    public RepairReport {
        done = List.copyOf(done);
        left = List.copyOf(left);
    }
}

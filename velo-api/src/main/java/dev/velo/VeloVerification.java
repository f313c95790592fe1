package dev.velo;

import java.util.List;

/**
 * What a verification of a store found.
 *
 * {@snippet :
 * VeloVerification found = store.verify();
 * if (!found.isSound()) {
 *     throw new IOException(String.join("\n", found.problems()));
 * }
 * }
 *
 * @param blobs how many contents were read
 * @param looseFiles how many derived files were read
 * @param bytes how long all those are together
 * @param problems what is wrong, a sentence each
 */
public record VeloVerification(long blobs, long looseFiles, long bytes, List<String> problems) {

    /** Copies the list. */
    public VeloVerification {
        problems = List.copyOf(problems);
    }

    /**
     * Whether nothing is wrong.
     *
     * @return true if there are no problems
     */
    public boolean isSound() {
        return problems.isEmpty();
    }
}

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
 * @param blobs how many contents the store has
 * @param looseFiles how many derived files were read
 * @param bytes how much was read of both
 * @param problems what is wrong, a sentence each
 */
public record VeloVerification(long blobs, long looseFiles, long bytes, List<String> problems) {

    /** How much is read. */
    public enum Depth {
        /** What describes trees and says where contents are, and whether there are all of them. */
        STRUCTURE,
        /** That, and every content. */
        CONTENTS;

        dev.velo.core.verify.Depth core() {
            return this == STRUCTURE ? dev.velo.core.verify.Depth.STRUCTURE : dev.velo.core.verify.Depth.CONTENTS;
        }
    }

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

package dev.velo.core.format;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Whether no two blobs of a manifest have one digest; in time that a stranger's choice of digests cannot make quadratic. */
final class DistinctDigests {
    private DistinctDigests() {}

    static boolean in(Manifest manifest) {
        byte[] digests = manifest.digestBytes();
        long[] firstWords = new long[manifest.blobCount()];
        for (int blob = 0; blob < firstWords.length; blob++) {
            firstWords[blob] = (long) Digest.WORD.get(digests, blob * Digest.BYTES);
        }
        Arrays.sort(firstWords);
        for (int i = 1; i < firstWords.length; i++) {
            if (firstWords[i] == firstWords[i - 1]) {
                return byWholeDigest(manifest);
            }
        }
        return true;
    }

    /** For the manifest that has two digests of equal first words: an honest one never does. */
    private static boolean byWholeDigest(Manifest manifest) {
        Set<Digest> seen = new HashSet<>();
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            if (!seen.add(manifest.digest(blob))) {
                return false;
            }
        }
        return true;
    }
}

package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is learnt of entries after the scan, by their number in the tree: digests, attributes, which name is a further one of
 * another entry. Digests of different entries may be set by different threads.
 */
final class FileFacts {
    private static final int WORDS = 4;
    private static final byte[] NONE = {};

    private final long[] digests;
    private final Map<Integer, byte[]> attributes = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> primaries = new HashMap<>();
    private final BitSet dropped = new BitSet();

    FileFacts(int entries) {
        digests = new long[Math.multiplyExact(WORDS, entries)];
    }

    void setDigest(int entry, long[] words, int at) {
        System.arraycopy(words, at, digests, entry * WORDS, WORDS);
    }

    void setDigest(int entry, Digest digest) {
        digest.writeTo(digests, entry * WORDS);
    }

    long digestWord(int entry, int word) {
        return digests[entry * WORDS + word];
    }

    void setAttributes(int entry, byte[] encoded) {
        attributes.put(entry, encoded);
    }

    byte[] attributes(int entry) {
        return attributes.getOrDefault(entry, NONE);
    }

    /** The entries that have attributes. */
    Set<Integer> attributed() {
        return attributes.keySet();
    }

    void setPrimary(int hardLink, int primary) {
        primaries.put(hardLink, primary);
    }

    /** The entry whose further name this is, or -1. */
    int primary(int entry) {
        return primaries.isEmpty() ? -1 : primaries.getOrDefault(entry, -1);
    }

    /** Leaves an entry out of the manifest. */
    void drop(int entry) {
        synchronized (dropped) {
            dropped.set(entry);
        }
    }

    boolean isDropped(int entry) {
        return dropped.get(entry);
    }
}

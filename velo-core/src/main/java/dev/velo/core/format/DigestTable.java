package dev.velo.core.format;

import java.util.Arrays;

/**
 * Digests numbered in the order of their first appearance, from 0. Open addressing over one array of words; a SHA-256 needs no
 * further mixing. Not thread-safe.
 */
public final class DigestTable {
    private static final int WORDS = 4;
    private static final int EMPTY = -1;

    private long[] words;
    private int[] slots;
    private int size;

    public DigestTable(int expected) {
        words = new long[WORDS * Math.max(16, expected)];
        slots = new int[Integer.highestOneBit(Math.max(16, expected)) * 4];
        Arrays.fill(slots, EMPTY);
    }

    public int size() {
        return size;
    }

    /** The number of this digest, which becomes {@link #size} if it is new. */
    public int add(long word0, long word1, long word2, long word3) {
        int slot = slotOf(word0, word1, word2, word3);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        if (size * 2 >= slots.length) {
            grow();
            slot = slotOf(word0, word1, word2, word3);
        }
        int at = size * WORDS;
        if (at == words.length) {
            words = Arrays.copyOf(words, words.length * 2);
        }
        words[at] = word0;
        words[at + 1] = word1;
        words[at + 2] = word2;
        words[at + 3] = word3;
        slots[slot] = size;
        return size++;
    }

    /** The number of this digest, or -1. */
    public int find(long word0, long word1, long word2, long word3) {
        return slots[slotOf(word0, word1, word2, word3)];
    }

    /** Word 0 to 3 of the digest with this number. */
    public long word(int number, int index) {
        return words[number * WORDS + index];
    }

    public Digest digest(int number) {
        int at = number * WORDS;
        return new Digest(words[at], words[at + 1], words[at + 2], words[at + 3]);
    }

    private int slotOf(long word0, long word1, long word2, long word3) {
        int mask = slots.length - 1;
        int slot = (int) word0 & mask;
        while (true) {
            int number = slots[slot];
            if (number == EMPTY || matches(number * WORDS, word0, word1, word2, word3)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }

    private boolean matches(int at, long word0, long word1, long word2, long word3) {
        return words[at] == word0 && words[at + 1] == word1 && words[at + 2] == word2 && words[at + 3] == word3;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, EMPTY);
        for (int number = 0; number < size; number++) {
            int at = number * WORDS;
            slots[slotOf(words[at], words[at + 1], words[at + 2], words[at + 3])] = number;
        }
    }
}

package dev.velo.project;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * What a lockfile's lines are like, in few bytes: for each of many orders of all lines the first one (Broder, "On the resemblance and
 * containment of documents", 1997). The share of equal ones estimates the share of lines that two files have in common.
 */
final class LockSketch {
    private static final int ORDERS = 64;
    private static final long[] FACTORS = new SplittableRandom(0x76656c6f)
            .longs(ORDERS)
            .map(factor -> factor | 1)
            .toArray();

    private final long[] firsts;

    private LockSketch(long[] firsts) {
        this.firsts = firsts;
    }

    /** Of the lines of these files together. */
    static LockSketch of(Iterable<byte[]> files) {
        long[] firsts = new long[ORDERS];
        Arrays.fill(firsts, Long.MAX_VALUE);
        for (byte[] file : files) {
            long hash = 0;
            for (byte b : file) {
                if (b == '\n') {
                    add(firsts, hash);
                    hash = 0;
                } else if (b != ' ' && b != '\t' && b != '\r') {
                    hash = (hash ^ b) * 0x100000001b3L;
                }
            }
            add(firsts, hash);
        }
        return new LockSketch(firsts);
    }

    private static void add(long[] firsts, long hash) {
        long mixed = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
        mixed ^= mixed >>> 29;
        for (int i = 0; i < ORDERS; i++) {
            long value = mixed * FACTORS[i];
            value ^= value >>> 31;
            firsts[i] = Math.min(firsts[i], value);
        }
    }

    /** The share of lines that both have, about; from 0 to 1. */
    double likeness(LockSketch other) {
        int same = 0;
        for (int i = 0; i < ORDERS; i++) {
            if (firsts[i] == other.firsts[i]) {
                same++;
            }
        }
        return (double) same / ORDERS;
    }

    /** As text; {@link #parse} reads it. */
    String text() {
        StringBuilder text = new StringBuilder(ORDERS * 16 + 1);
        for (long first : firsts) {
            text.append(HexFormat.of().toHexDigits(first));
        }
        return text.append('\n').toString();
    }

    /** {@link IllegalArgumentException} if the text is none of {@link #text}. */
    static LockSketch parse(String text) {
        String digits = text.strip();
        if (digits.length() != ORDERS * 16) {
            throw new IllegalArgumentException("a sketch of " + digits.length() + " digits");
        }
        long[] firsts = new long[ORDERS];
        for (int i = 0; i < ORDERS; i++) {
            firsts[i] = HexFormat.fromHexDigitsToLong(digits, i * 16, i * 16 + 16);
        }
        return new LockSketch(firsts);
    }
}

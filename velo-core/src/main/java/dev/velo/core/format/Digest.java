package dev.velo.core.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 digest as four big-endian words, so that unsigned comparison of the words orders digests as their bytes do.
 */
public record Digest(long word0, long word1, long word2, long word3) implements Comparable<Digest> {
    public static final int BYTES = 32;
    public static final String ALGORITHM = "SHA-256";

    static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The digest whose 32 bytes stand at this offset. */
    public static Digest of(byte[] bytes, int offset) {
        return new Digest(
                (long) WORD.get(bytes, offset),
                (long) WORD.get(bytes, offset + 8),
                (long) WORD.get(bytes, offset + 16),
                (long) WORD.get(bytes, offset + 24));
    }

    /**
     * Parses 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Digest parse(String hex) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a digest has 64 hexadecimal digits, not " + hex.length());
        }
        return of(HexFormat.of().parseHex(hex), 0);
    }

    public void writeTo(byte[] bytes, int offset) {
        WORD.set(bytes, offset, word0);
        WORD.set(bytes, offset + 8, word1);
        WORD.set(bytes, offset + 16, word2);
        WORD.set(bytes, offset + 24, word3);
    }

    /** Puts the four words of this digest into an array, from this index on. */
    public void writeTo(long[] words, int index) {
        words[index] = word0;
        words[index + 1] = word1;
        words[index + 2] = word2;
        words[index + 3] = word3;
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        writeTo(bytes, 0);
        return bytes;
    }

    // by hand: what the compiler makes for records is put together at run time, which costs milliseconds of start-up

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Digest digest
                && word0 == digest.word0
                && word1 == digest.word1
                && word2 == digest.word2
                && word3 == digest.word3;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(word0);
    }

    @Override
    public int compareTo(Digest other) {
        int order = Long.compareUnsigned(word0, other.word0);
        order = order != 0 ? order : Long.compareUnsigned(word1, other.word1);
        order = order != 0 ? order : Long.compareUnsigned(word2, other.word2);
        return order != 0 ? order : Long.compareUnsigned(word3, other.word3);
    }

    /** 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}

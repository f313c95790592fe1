package dev.velo.core.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash function of Velo. */
public final class Hashing {
    private Hashing() {}

    /** A SHA-256 of the JDK; the caller's own, for one thread. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance(Digest.ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

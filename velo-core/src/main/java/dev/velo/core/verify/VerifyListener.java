package dev.velo.core.verify;

/** Is told how a verification goes on, by any of its threads. */
public interface VerifyListener {
    /** Nobody listens. */
    VerifyListener NONE = new VerifyListener() {};

    /** So many bytes more are to be read than was told before. */
    default void toRead(long bytes) {}

    /** So many bytes more have been read and hashed. */
    default void read(long bytes) {}
}

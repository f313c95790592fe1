package dev.velo.core.present;

/** Bytes of a file that will be wanted soon. The path is absolute. */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; ranges are never compared
public record FileRange(byte[] path, long offset, long length) {}

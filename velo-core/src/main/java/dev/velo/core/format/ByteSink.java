package dev.velo.core.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Takes bytes in order; a chunk is valid during the call only. */
@FunctionalInterface
public interface ByteSink {
    void accept(MemorySegment chunk) throws IOException;
}

package dev.velo.core.ingest;

import java.time.Instant;

/** What becomes of modification times. */
public sealed interface MtimePolicy {
    /** Every entry keeps its own, to the nanosecond. */
    record Exact() implements MtimePolicy {}

    /** Every entry gets this one, so that trees of equal content are equal whenever they were made. */
    record Fixed(Instant time) implements MtimePolicy {}
}

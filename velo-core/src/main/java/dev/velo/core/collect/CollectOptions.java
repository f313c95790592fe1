package dev.velo.core.collect;

import java.time.Duration;

/**
 * What a collection takes.
 *
 * @param minimumAge what was made or used since is left alone
 * @param stale what becomes of roots whose manifest's file has gone
 * @param scope what is looked at
 */
public record CollectOptions(Duration minimumAge, Stale stale, Scope scope) {
    /** Everything that nothing needs, but nothing that a root protects. */
    public static final CollectOptions DEFAULT = new CollectOptions(Duration.ZERO, Stale.PROTECTED, Scope.ALL);

    /** What becomes of roots whose manifest's file has gone. */
    public enum Stale {
        /** They protect their trees. */
        PROTECTED,
        /** They are removed. */
        PRUNED
    }

    /** What is looked at. */
    public enum Scope {
        /** Blobs that no tree needs, and what was made from trees that are not registered any more. */
        ALL,
        /** What can be made again, of all trees; blobs stay. */
        DERIVED
    }

    /** The same with another minimum age. */
    public CollectOptions withMinimumAge(Duration changed) {
        return new CollectOptions(changed, stale, scope);
    }

    /** The same with another fate of stale roots. */
    public CollectOptions withStale(Stale changed) {
        return new CollectOptions(minimumAge, changed, scope);
    }

    /** The same with another scope. */
    public CollectOptions withScope(Scope changed) {
        return new CollectOptions(minimumAge, stale, changed);
    }
}

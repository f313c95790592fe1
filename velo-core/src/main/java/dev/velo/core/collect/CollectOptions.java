package dev.velo.core.collect;

import dev.velo.core.store.PackEncoding;
import java.time.Duration;

/**
 * What a collection takes, and how it leaves the rest.
 *
 * @param minimumAge what was made or used since is left alone
 * @param stale what becomes of roots whose manifest's file has gone
 * @param scope what is looked at
 * @param packing which packs are written anew, besides those in which much is dead
 */
public record CollectOptions(Duration minimumAge, Stale stale, Scope scope, Packing packing) {
    /** Everything that nothing needs, but nothing that a root protects. */
    public static final CollectOptions DEFAULT =
            new CollectOptions(Duration.ZERO, Stale.PROTECTED, Scope.ALL, Packing.AS_IT_IS);

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

    /** Which packs are written anew though little in them is dead. */
    public enum Packing {
        /** None. */
        AS_IT_IS,
        /**
         * Small ones, if there are several: their blobs come to stand together, tree by tree, what was recorded of a tree first. What is
         * compressed stays so, in packs of its own.
         */
        JOINED,
        /** The same, and those in which nothing is compressed: what is worth it is then. */
        COLD;

        /** How blobs stand in packs that are written anew. */
        PackEncoding encoding() {
            return this == COLD ? PackEncoding.COLD : PackEncoding.KEPT;
        }
    }

    /** The same with another minimum age. */
    public CollectOptions withMinimumAge(Duration changed) {
        return new CollectOptions(changed, stale, scope, packing);
    }

    /** The same with another fate of stale roots. */
    public CollectOptions withStale(Stale changed) {
        return new CollectOptions(minimumAge, changed, scope, packing);
    }

    /** The same with another scope. */
    public CollectOptions withScope(Scope changed) {
        return new CollectOptions(minimumAge, stale, changed, packing);
    }

    /** The same with other packs to be written anew. */
    public CollectOptions withPacking(Packing changed) {
        return new CollectOptions(minimumAge, stale, scope, changed);
    }
}

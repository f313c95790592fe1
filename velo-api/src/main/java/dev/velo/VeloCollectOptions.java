package dev.velo;

import dev.velo.core.collect.CollectOptions;
import java.time.Duration;

/**
 * What a collection takes. Begins with {@link #DEFAULT} and changes one thing at a time.
 *
 * {@snippet :
 * VeloCollectOptions options = VeloCollectOptions.DEFAULT
 *         .withEffect(VeloCollectOptions.Effect.TELL)
 *         .withMinimumAge(Duration.ofDays(7));
 * }
 *
 * @param effect whether anything is changed
 * @param minimumAge what was made since is left alone; not negative
 * @param stale what becomes of registered manifests whose files have gone
 * @param scope what is looked at
 */
public record VeloCollectOptions(Effect effect, Duration minimumAge, Stale stale, Scope scope) {

    /** Whether anything is changed. */
    public enum Effect {
        /** Nothing is: the report tells what would be. */
        TELL,
        /** What nothing needs goes. */
        DELETE
    }

    /** What becomes of registered manifests whose files have gone. */
    public enum Stale {
        /** They protect their trees. */
        PROTECTED,
        /** They are registered no longer. */
        PRUNED;

        CollectOptions.Stale core() {
            return this == PROTECTED ? CollectOptions.Stale.PROTECTED : CollectOptions.Stale.PRUNED;
        }
    }

    /** What is looked at. */
    public enum Scope {
        /** Contents that no registered tree needs, and what was made from trees that are not registered any more. */
        ALL,
        /** What can be made again, of all trees, and nobody uses now; contents stay. */
        DERIVED;

        CollectOptions.Scope core() {
            return this == ALL ? CollectOptions.Scope.ALL : CollectOptions.Scope.DERIVED;
        }
    }

    /** Deletes all that nothing needs, however young, but nothing that a registered manifest protects. */
    public static final VeloCollectOptions DEFAULT =
            new VeloCollectOptions(Effect.DELETE, Duration.ZERO, Stale.PROTECTED, Scope.ALL);

    /** Checks the age. */
    public VeloCollectOptions {
        if (minimumAge.isNegative()) {
            throw new IllegalArgumentException("nothing is as old as " + minimumAge);
        }
    }

    /**
     * The same with another effect.
     *
     * @param changed whether anything is changed
     * @return the changed options
     */
    public VeloCollectOptions withEffect(Effect changed) {
        return new VeloCollectOptions(changed, minimumAge, stale, scope);
    }

    /**
     * The same with another minimum age.
     *
     * @param changed what was made since is left alone
     * @return the changed options
     */
    public VeloCollectOptions withMinimumAge(Duration changed) {
        return new VeloCollectOptions(effect, changed, stale, scope);
    }

    /**
     * The same with another fate of stale manifests.
     *
     * @param changed what becomes of them
     * @return the changed options
     */
    public VeloCollectOptions withStale(Stale changed) {
        return new VeloCollectOptions(effect, minimumAge, changed, scope);
    }

    /**
     * The same with another scope.
     *
     * @param changed what is looked at
     * @return the changed options
     */
    public VeloCollectOptions withScope(Scope changed) {
        return new VeloCollectOptions(effect, minimumAge, stale, changed);
    }

    CollectOptions core() {
        return CollectOptions.DEFAULT
                .withMinimumAge(minimumAge)
                .withStale(stale.core())
                .withScope(scope.core());
    }
}

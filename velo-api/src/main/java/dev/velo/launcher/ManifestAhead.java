package dev.velo.launcher;

import dev.velo.core.format.Manifest;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest on another processor while this one reads the command line and opens the store: of a large tree it takes as long as
 * those. Which manifest is a guess from the words; a wrong one costs nothing but the reading.
 */
final class ManifestAhead {
    /** The commands that begin with a manifest. */
    private static final Set<String> COMMANDS = Set.of("checkout", "ls", "stat", "cat");

    private static final String SUFFIX = ".velo";

    /** What is being read. */
    private record Reading(String word, CompletableFuture<Manifest> manifest) {}

    private static volatile @Nullable Reading reading;

    private ManifestAhead() {}

    /** Notes what the words are likely to want, to be read by the work that is returned; null if nothing is. */
    static @Nullable Runnable guess(List<String> words) {
        if (words.isEmpty() || !COMMANDS.contains(words.getFirst())) {
            return null;
        }
        for (String word : words.subList(1, words.size())) {
            if (word.endsWith(SUFFIX) && !word.startsWith("-")) {
                CompletableFuture<Manifest> manifest = new CompletableFuture<>();
                reading = new Reading(word, manifest);
                return () -> {
                    try {
                        manifest.complete(Store.readManifest(ProcessFacts.path(word)));
                    } catch (IOException | RuntimeException | Error e) {
                        manifest.completeExceptionally(e);
                    }
                };
            }
        }
        return null;
    }

    /** The manifest that this argument names, read by now or meanwhile; fails as {@link Store#readManifest} does. */
    static Manifest read(String argument) throws IOException {
        Reading ahead = reading;
        reading = null;
        if (ahead == null || !ahead.word().equals(argument)) {
            return Store.readManifest(ProcessFacts.path(argument));
        }
        try {
            return ahead.manifest().join();
        } catch (CompletionException e) {
            // told as if it had been read here and now
            return Store.readManifest(ProcessFacts.path(argument));
        }
    }
}

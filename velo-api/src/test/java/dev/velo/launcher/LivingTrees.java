package dev.velo.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The trees of a crowd that may be shown. Who is about to show one holds it until it is shown; who makes it vanish waits for that, and
 * for nothing else: what is shown is Velo's to keep. For any number of threads.
 */
final class LivingTrees {
    /** A manifest, and what {@link CrowdTree#READING} prints in its tree. */
    static final class Living {
        private final Path manifest;
        private final String sum;
        private int holders;

        Living(Path manifest, String sum) {
            this.manifest = manifest;
            this.sum = sum;
        }

        Path manifest() {
            return manifest;
        }

        String sum() {
            return sum;
        }
    }

    private final List<Living> trees = new ArrayList<>();

    synchronized void appears(Living tree) {
        trees.add(tree);
    }

    /** One of them, which does not vanish until it is released; null if there is none. */
    synchronized @Nullable Living hold(RandomGenerator random) {
        if (trees.isEmpty()) {
            return null;
        }
        Living held = trees.get(random.nextInt(trees.size()));
        held.holders++;
        return held;
    }

    synchronized void release(Living tree) {
        tree.holders--;
        notifyAll();
    }

    /** Nobody begins to show it any more; returns when nobody is about to. */
    synchronized void vanishes(Living tree) throws InterruptedException {
        trees.remove(tree);
        while (tree.holders > 0) {
            wait();
        }
    }

    synchronized List<Living> all() {
        return List.copyOf(trees);
    }
}

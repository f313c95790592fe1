package dev.velo.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Runs a command in one living tree after another, which reads all of it, and may find nothing but the tree's bytes. */
final class CrowdRunner implements Crowd.Member {
    /** How a tree is shown, as words of {@code velo run}. */
    enum Way {
        MOUNT("--mode mount"),
        WRITABLE_MOUNT("--mode mount --writable"),
        PREFETCHED_MOUNT("--mode mount --prefetch"),
        LINK("--mode link"),
        WRITABLE_LINK("--mode link --writable"),
        PRELOAD("--mode preload"),
        COPY("--mode copy"),
        ISOLATE("--isolate --base base.velo --mode auto");

        private final String words;

        Way(String words) {
            this.words = words;
        }
    }

    private final Crowd crowd;
    private final Way way;
    private final int number;

    CrowdRunner(Crowd crowd, Way way, int number) {
        this.crowd = crowd;
        this.way = way;
        this.number = number;
    }

    @Override
    public void work() throws Exception {
        Random random = new Random(31L * number + way.name().hashCode());
        while (crowd.goesOn()) {
            LivingTrees.Living tree = crowd.trees().hold(random);
            if (tree == null) {
                Thread.sleep(50);
            } else {
                Launch.Started run = begin(tree);
                end(run, tree);
                crowd.runs().incrementAndGet();
            }
        }
    }

    /** Returns when the tree is shown, and may vanish. */
    private Launch.Started begin(LivingTrees.Living tree) throws Exception {
        try {
            Path at = crowd.place().folder().resolve("shown-" + way + "-" + number);
            List<String> words = new ArrayList<>(List.of("run"));
            words.addAll(List.of(way.words.split(" ", -1)));
            if (way != Way.COPY) {
                words.addAll(List.of("--at", at.toString()));
            }
            words.add(tree.manifest().toString());
            words.addAll(List.of("--", "/bin/sh", "-c", CrowdTree.READING));
            Launch.Started run =
                    crowd.place().velo(words.toArray(String[]::new)).start();
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(Crowd.SECONDS);
            while (run.lines().isEmpty() && run.process().isAlive() && System.nanoTime() < limit) {
                Thread.sleep(10);
            }
            return run;
        } finally {
            crowd.trees().release(tree);
        }
    }

    private void end(Launch.Started run, LivingTrees.Living tree) throws Exception {
        run.process().waitFor(Crowd.SECONDS, TimeUnit.SECONDS);
        Outcome outcome = run.await();
        List<String> expected = List.of("in", tree.sum() + "  -");
        boolean isTold = way == Way.COPY && outcome.complaint().contains(" runs in a copy ");
        boolean isQuiet = outcome.complaint().isEmpty() || isTold;
        if (outcome.status() != 0 || !isQuiet || !outcome.lines().equals(expected)) {
            crowd.complain(
                    way + " " + number,
                    "of " + tree.manifest() + " ended with " + outcome.status() + ": " + outcome.text()
                            + outcome.complaint() + " instead of " + expected);
        }
    }
}

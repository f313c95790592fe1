package dev.velo.launcher;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/** Ingests one tree again and again while that changes; its older manifests vanish, and now and then the tree, for another. */
final class CrowdIngester implements Crowd.Member {
    private static final int LIVING = 3;
    private static final int ROUNDS_OF_A_TREE = 12;
    private static final int ROUNDS_BETWEEN_CHECKOUTS = 5;

    private final Crowd crowd;
    private final int number;
    private final Random random;
    private final Deque<LivingTrees.Living> mine = new ArrayDeque<>();

    CrowdIngester(Crowd crowd, int number) {
        this.crowd = crowd;
        this.number = number;
        this.random = new Random(number);
    }

    @Override
    public void work() throws Exception {
        Path folder = crowd.place().folder();
        try (CrowdWorker worker = new CrowdWorker(crowd, "ingester " + number)) {
            CrowdTree tree = null;
            for (int round = 0; crowd.goesOn(); round++) {
                if (tree == null || round % ROUNDS_OF_A_TREE == 0) {
                    if (tree != null) {
                        tree.delete();
                    }
                    tree = new CrowdTree(folder.resolve("trees/" + number + "-" + round), random);
                } else {
                    tree.change();
                }
                Path manifest = folder.resolve("manifests/" + number + "-" + round + ".velo");
                String sync = round % 4 == 0 ? "full" : "none";
                worker.succeed(
                        "ingest",
                        tree.folder().toString(),
                        "-o",
                        manifest.toString(),
                        "-q",
                        "--sync",
                        sync,
                        "--pack-size",
                        "1");
                LivingTrees.Living made = new LivingTrees.Living(manifest, tree.sum());
                crowd.trees().appears(made);
                crowd.ingests().incrementAndGet();
                mine.add(made);
                if (round % ROUNDS_BETWEEN_CHECKOUTS == 0) {
                    checkOut(worker, made, tree);
                }
                while (mine.size() > LIVING) {
                    vanish(worker, mine.remove());
                }
            }
        }
    }

    /** Linked files are shared with the store, so this looks at what collections do to them as well. */
    private void checkOut(CrowdWorker worker, LivingTrees.Living made, CrowdTree tree) throws Exception {
        Path out = crowd.place().folder().resolve("out/" + number);
        String way = random.nextBoolean() ? "--link" : "--copy";
        worker.succeed("checkout", way, "-q", made.manifest().toString(), out.toString());
        tree.differences(out).forEach(difference -> crowd.complain("checkout " + way + " " + number, difference));
        HostileTree.deleteTree(out);
    }

    /** Either the root goes, or the file: then that is stale, and a collection takes it. */
    private void vanish(CrowdWorker worker, LivingTrees.Living tree) throws Exception {
        crowd.trees().vanishes(tree);
        if (random.nextBoolean()) {
            worker.succeed("root", "remove", "-q", tree.manifest().toString());
        }
        Files.delete(tree.manifest());
    }
}

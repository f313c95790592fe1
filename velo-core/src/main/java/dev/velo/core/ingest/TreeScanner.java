package dev.velo.core.ingest;

import dev.velo.core.tree.Workers;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Scans a tree level by level: all threads share the directories of one level, and the next level is what they found, in order. So
 * the result is in breadth-first order and does not depend on how the threads were scheduled.
 */
final class TreeScanner {
    private final ScannedTree tree;
    private final int rootFd;
    private final ScanPurpose purpose;
    private final IngestOptions options;
    private final Warnings warnings;
    private final IngestListener listener;
    private final AtomicInteger next = new AtomicInteger();
    private final List<Throwable> failures = new ArrayList<>();
    private List<ScannedDirectory> level = new ArrayList<>();
    private int levelStart;

    private TreeScanner(
            ScannedTree tree,
            int rootFd,
            ScanPurpose purpose,
            IngestOptions options,
            Warnings warnings,
            IngestListener listener) {
        this.tree = tree;
        this.rootFd = rootFd;
        this.purpose = purpose;
        this.options = options;
        this.warnings = warnings;
        this.listener = listener;
    }

    /** Scans the tree below this descriptor. */
    static ScannedTree scan(
            byte[] origin,
            int rootFd,
            ScanPurpose purpose,
            IngestOptions options,
            Warnings warnings,
            IngestListener listener)
            throws IOException {
        Statx stat = new Statx();
        FileCalls.fstatx(rootFd, stat);
        ScannedDirectory holder = new ScannedDirectory(-1, -1);
        holder.device = stat.device();
        holder.add(new byte[0], 0, 0, stat);
        ScannedTree tree = new ScannedTree(origin, holder);
        new TreeScanner(tree, rootFd, purpose, options, warnings, listener).run();
        return tree;
    }

    private void run() throws IOException {
        ScannedDirectory root = new ScannedDirectory(-1, -1);
        if (!options.excludes().isEmpty() || !options.includes().isEmpty()) {
            root.rules = IgnoreRules.of(options.excludes(), options.includes());
        }
        tree.directories.add(root);
        level.add(root);
        CyclicBarrier barrier = new CyclicBarrier(options.threads(), this::nextLevel);
        Workers.run(options.threads(), "velo-scan", worker -> scanLevels(barrier));
        if (!failures.isEmpty()) {
            Throwable first = failures.get(0);
            if (first instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("the scan failed: " + first, first);
        }
    }

    private void scanLevels(CyclicBarrier barrier) throws IOException {
        try (DirectoryScanner scanner = new DirectoryScanner(tree, rootFd, purpose, options, warnings)) {
            while (!level.isEmpty()) {
                int count = level.size();
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    scanOne(scanner, i);
                }
                barrier.await();
            }
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IOException("the scan was interrupted", e);
        }
    }

    private void scanOne(DirectoryScanner scanner, int index) {
        try {
            ScannedDirectory directory = level.get(index);
            scanner.scan(directory, levelStart + index);
            listener.scanned(directory.count);
        } catch (Throwable e) {
            // whatever it was: the other threads wait for this one at the end of the level
            synchronized (failures) {
                failures.add(e);
            }
        }
    }

    /** Run by one thread while the others wait: numbers what the level found, and makes its subdirectories the next level. */
    private void nextLevel() {
        List<ScannedDirectory> below = new ArrayList<>();
        for (int i = 0; i < level.size() && failures.isEmpty(); i++) {
            ScannedDirectory directory = level.get(i);
            tree.number(directory);
            IgnoreRules rules = directory.rules;
            for (int index = 0; index < directory.count; index++) {
                if (directory.type(index) == Statx.S_IFDIR) {
                    ScannedDirectory child = new ScannedDirectory(levelStart + i, index);
                    child.rules = rules == null ? null : rules.enter(directory.name(index));
                    below.add(child);
                }
            }
            directory.rules = null;
        }
        levelStart = tree.directories.size();
        tree.directories.addAll(below);
        tree.nameDirectories(levelStart);
        level = below;
        next.set(0);
    }
}

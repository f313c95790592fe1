package dev.velo.core.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The part of {@link HostileTree} that is many ordinary entries: files of a few sizes, a third of them copies, some links. */
final class BulkSection {
    private static final int FILES_PER_DIRECTORY = 15;
    private static final int DIRECTORIES_PER_DIRECTORY = 5;
    private static final int[] MODES = {0644, 0644, 0644, 0755, 0600, 0444};

    private final long seed;
    private final SplittableRandom random;
    private int left;

    BulkSection(long seed, int entries) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.left = entries;
    }

    void addTo(TreeDirectory top) throws IOException {
        try (TreeDirectory bulk = top.directory("bulk")) {
            left--;
            int number = 0;
            while (left > 0) {
                fill(bulk, "part-" + number++, 3);
            }
        }
    }

    private void fill(TreeDirectory parent, String name, int levelsBelow) throws IOException {
        try (TreeDirectory directory = parent.directory(name)) {
            left--;
            directory.stamped(Stamp.plain(0755).at(time(), random.nextInt(1_000_000_000)));
            List<String> files = new ArrayList<>();
            for (int i = 0; i < FILES_PER_DIRECTORY && left > 0; i++) {
                addEntry(directory, "entry-" + random.nextInt(1000) + "-" + i, files);
                left--;
            }
            for (int i = 0; i < DIRECTORIES_PER_DIRECTORY && levelsBelow > 0 && left > 0; i++) {
                fill(directory, "sub" + i, levelsBelow - 1);
            }
        }
    }

    private void addEntry(TreeDirectory directory, String name, List<String> files) throws IOException {
        int dice = random.nextInt(100);
        if (dice < 5) {
            directory.symlink(name, "../" + name, Stamp.plain(0777).at(time(), dice));
        } else if (dice < 7 && !files.isEmpty()) {
            directory.link(directory, files.get(random.nextInt(files.size())), name);
        } else {
            int mode = MODES[random.nextInt(MODES.length)];
            directory.file(name, content(dice), Stamp.plain(mode).at(time(), random.nextInt(1_000_000_000)));
            files.add(name);
        }
    }

    /** A third comes from a pool of 200 contents, the others are new. */
    private byte[] content(int dice) {
        if (dice < 40) {
            int number = random.nextInt(200);
            return ContentSections.content(seed, number, number * 37 % 5000);
        }
        int size = dice < 97 ? random.nextInt(6000) : random.nextInt(150_000);
        return ContentSections.content(seed, random.nextLong(), size);
    }

    private long time() {
        return 1_300_000_000L + random.nextInt(400_000_000);
    }
}

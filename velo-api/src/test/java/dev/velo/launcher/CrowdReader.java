package dev.velo.launcher;

import dev.velo.VeloEntry;
import dev.velo.VeloStore;
import dev.velo.VeloView;
import dev.velo.core.format.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Opens one living tree after another as a view of this process, and reads all of it, be its packs there still or not. */
final class CrowdReader implements Crowd.Member {
    private final Crowd crowd;
    private final int number;

    CrowdReader(Crowd crowd, int number) {
        this.crowd = crowd;
        this.number = number;
    }

    @Override
    public void work() throws Exception {
        Random random = new Random(number);
        try (VeloStore store = VeloStore.open(crowd.place().store())) {
            while (crowd.goesOn()) {
                LivingTrees.Living tree = crowd.trees().hold(random);
                if (tree != null) {
                    try (VeloView view = open(store, tree)) {
                        Thread.sleep(random.nextInt(200));
                        String sum = sum(view);
                        if (!sum.equals(tree.sum())) {
                            crowd.complain("reader " + number, "of " + tree.manifest() + " read " + sum);
                        }
                    }
                    crowd.runs().incrementAndGet();
                }
                Thread.sleep(50);
            }
        }
    }

    private VeloView open(VeloStore store, LivingTrees.Living tree) throws IOException {
        try {
            return store.view(tree.manifest());
        } finally {
            crowd.trees().release(tree);
        }
    }

    /** What {@link CrowdTree#READING} prints. */
    static String sum(VeloView view) throws IOException {
        MessageDigest all = Hashing.sha256();
        List<VeloEntry> files;
        try (var entries = view.walk("/")) {
            files = entries.filter(entry -> entry.kind() == VeloEntry.Kind.FILE).toList();
        }
        List<String> paths = files.stream().map(VeloEntry::path).sorted().toList();
        for (String path : paths) {
            byte[] digest = Hashing.sha256().digest(view.readAllBytes(path));
            String name = path.startsWith("/") ? path : "/" + path;
            all.update((HexFormat.of().formatHex(digest) + "  ." + name + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(all.digest());
    }
}

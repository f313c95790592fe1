import dev.velo.VeloIngestOptions;
import dev.velo.VeloMount;
import dev.velo.VeloStore;
import dev.velo.VeloTree;
import dev.velo.VeloView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/**
 * Times what a program does with a view that is open: a command started and awaited, and the tree mounted at a directory, the first
 * time and again. Takes the tree, a folder to work in, and how often; prints minimum, median and maximum in milliseconds.
 */
public final class InProcess {
    private InProcess() {}

    /** One thing to be timed. */
    private interface Work {
        void run(int round) throws Exception;
    }

    /** Measures. */
    public static void main(String[] arguments) throws Exception {
        Path tree = Path.of(arguments[0]).toRealPath();
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        Path place = Files.createDirectories(folder.resolve("place"));
        VeloIngestOptions options = VeloIngestOptions.DEFAULT.withDurability(VeloIngestOptions.Durability.NONE);
        try (VeloStore store = VeloStore.open(folder.resolve("store"))) {
            VeloTree ingested = store.ingest(tree, options).tree();
            VeloView[] fresh = new VeloView[rounds];
            // equal files in trees that differ: each has an image of its own, which nobody has mounted
            for (int i = 0; i < rounds; i++) {
                VeloIngestOptions at = options.withTime(Instant.ofEpochSecond(i));
                fresh[i] = store.view(store.ingest(tree, at).tree());
            }
            try (VeloView view = store.view(ingested)) {
                view.command("true").start().waitFor();
                time("ProcessBuilder(\"true\"), beside", rounds, i -> new ProcessBuilder("true").start().waitFor());
                time("command(\"true\")", rounds, i -> view.command("true").start().waitFor());
                VeloMount[] mounts = new VeloMount[1];
                Work unmount = i -> mounts[0].close();
                time("mount, first superblock", rounds, i -> mounts[0] = fresh[i].mount(place), unmount);
                time("mount, of an anchor", rounds, i -> mounts[0] = view.mount(place), unmount);
            }
            for (VeloView view : fresh) {
                view.close();
            }
        }
    }

    private static void time(String what, int rounds, Work work) throws Exception {
        time(what, rounds, work, i -> {});
    }

    private static void time(String what, int rounds, Work work, Work after) throws Exception {
        double[] milliseconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            work.run(i);
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
            after.run(i);
        }
        double first = milliseconds[0];
        Arrays.sort(milliseconds);
        System.out.printf(
                "%-32s first %7.3f  min %7.3f  median %7.3f  max %7.3f ms%n",
                what, first, milliseconds[0], milliseconds[rounds / 2], milliseconds[rounds - 1]);
    }
}

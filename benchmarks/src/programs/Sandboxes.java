import dev.velo.VeloSandboxOptions;
import dev.velo.VeloSandboxOptions.Environment;
import dev.velo.VeloStore;
import dev.velo.VeloView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Times a static {@code true} in a sandbox, from spawn to exit: in a view that this program has open, and beside it, by turns, under
 * bubblewrap with a directory as its root. Takes the store, the manifest of the root, the directory, and how often; prints minimum,
 * median and maximum in milliseconds, and how many a second from several threads.
 */
public final class Sandboxes {
    private static final int THREADS = 8;

    /** So many in a row: the kernel goes on for a while with what was left of one, which shall slow down its own kind. */
    private static final int TURN = 25;

    private Sandboxes() {}

    /** One thing to be timed. */
    private interface Work {
        Process start() throws Exception;
    }

    /** Measures. */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[3]);
        VeloSandboxOptions options = VeloSandboxOptions.DEFAULT.withEnvironment(new Environment.Exactly(Map.of()));
        List<String> words = new ArrayList<>(List.of("bwrap", "--unshare-all", "--cap-drop", "ALL", "--clearenv"));
        words.addAll(List.of("--bind", arguments[2], "/", "--tmpfs", "/tmp", "--dev", "/dev", "--proc", "/proc"));
        words.add("/bin/true");
        ProcessBuilder bubblewrap = new ProcessBuilder(words);
        ProcessBuilder plain = new ProcessBuilder(arguments[2] + "/bin/true");
        try (VeloStore store = VeloStore.open(Path.of(arguments[0]));
                VeloView view = store.view(Path.of(arguments[1]))) {
            List<Work> all = List.of(
                    () -> view.sandbox().options(options).start("/bin/true"), bubblewrap::start, plain::start);
            // the compiler has its work behind it then
            byTurns(all, 2 * rounds);
            double[][] times = byTurns(all, rounds);
            tell("view.sandbox().start(\"/bin/true\")", times[0]);
            tell("ProcessBuilder(\"bwrap\", ...)", times[1]);
            tell("ProcessBuilder(\"true\"), no sandbox", times[2]);
            System.out.printf("of medians: %.2f%n", times[0][rounds / 2] / times[1][rounds / 2]);
            for (Work each : all.subList(0, 2)) {
                System.out.printf("from %d threads: %.0f a second%n", THREADS, throughput(each, 4 * rounds));
            }
        }
    }

    private static double[][] byTurns(List<Work> all, int rounds) throws Exception {
        double[][] times = new double[all.size()][rounds];
        for (int turn = 0; turn < rounds; turn += TURN) {
            for (int k = 0; k < times.length; k++) {
                for (int i = turn; i < Math.min(turn + TURN, rounds); i++) {
                    long start = System.nanoTime();
                    run(all.get(k));
                    times[k][i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        for (double[] each : times) {
            Arrays.sort(each);
        }
        return times;
    }

    private static int run(Work work) throws Exception {
        int status = work.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("ended with " + status);
        }
        return status;
    }

    private static double throughput(Work work, int count) throws Exception {
        List<Callable<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(() -> run(work));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            long start = System.nanoTime();
            for (Future<Integer> run : threads.invokeAll(runs)) {
                run.get();
            }
            return count / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static void tell(String what, double[] milliseconds) {
        System.out.printf(
                "%-36s min %7.3f  median %7.3f  max %7.3f ms%n",
                what,
                milliseconds[0],
                milliseconds[milliseconds.length / 2],
                milliseconds[milliseconds.length - 1]);
    }
}

package dev.velo.benchmarks;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One path looked up in a view, and its metadata; beside {@code java.nio.file.Files} on the original tree. Nanoseconds a path. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookupBenchmark {
    /** In the order of the tree, or in none. */
    @Param({"tree", "random"})
    private String order = "tree";

    private @Nullable OpenView open;
    private byte[][] hits = {};
    private byte[][] misses = {};
    private Path[] originals = {};
    private int next;

    /** Opens the view and makes the paths. */
    @Setup
    public void prepare() throws IOException {
        open = new OpenView();
        hits = open.paths();
        if (order.equals("random")) {
            shuffle(hits);
        }
        misses = new byte[hits.length][];
        originals = new Path[hits.length];
        Path root = Path.of(PathBytes.show(open.tree()));
        for (int i = 0; i < hits.length; i++) {
            misses[i] = PathBytes.concat(hits[i], PathBytes.of(".missing"));
            originals[i] = root.resolve(PathBytes.show(hits[i]));
        }
    }

    private static void shuffle(byte[][] paths) {
        Random random = new Random(7);
        for (int i = paths.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            byte[] path = paths[i];
            paths[i] = paths[other];
            paths[other] = path;
        }
    }

    private View view() {
        if (open == null) {
            throw new IllegalStateException("the view is not open");
        }
        return open.view();
    }

    private int next() {
        next = next + 1 < hits.length ? next + 1 : 0;
        return next;
    }

    /** A path that is there. */
    @Benchmark
    public int hit() throws IOException {
        return view().findLink(hits[next()]);
    }

    /** A path that is not there, in a directory that is. */
    @Benchmark
    public int miss() throws IOException {
        return view().findLink(misses[next()]);
    }

    /** What stat(2) tells of a path. */
    @Benchmark
    public void stat(Blackhole hole) throws IOException {
        View view = view();
        int node = view.findLink(hits[next()]);
        hole.consume(view.kind(node));
        hole.consume(view.permissions(node));
        hole.consume(view.size(node));
        hole.consume(view.mtimeSeconds(node));
        hole.consume(view.mtimeNanos(node));
    }

    /** The same asked of the file system. */
    @Benchmark
    public BasicFileAttributes statOfOriginal() throws IOException {
        return Files.readAttributes(originals[next()], BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Closes the view. */
    @TearDown
    public void close() {
        if (open != null) {
            open.close();
        }
    }
}

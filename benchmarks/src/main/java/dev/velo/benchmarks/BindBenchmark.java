package dev.velo.benchmarks;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The image of a whole tree bound, from the manifest's bytes to the synced file, and opened; in a warm JVM. Milliseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 10)
@Measurement(iterations = 15)
public class BindBenchmark {
    private @Nullable OpenView open;

    /** Ingests the tree. */
    @Setup
    public void prepare() throws IOException {
        open = new OpenView();
    }

    private OpenView open() {
        if (open == null) {
            throw new IllegalStateException("the view is not open");
        }
        return open;
    }

    /** An image that is not there. */
    @State(Scope.Thread)
    public static class Unbound {
        /** Removes it. */
        @Setup(Level.Invocation)
        public void remove(BindBenchmark benchmark) throws IOException {
            Files.deleteIfExists(
                    Path.of(PathBytes.show(benchmark.open().view().image().path())));
        }
    }

    /** Binds and opens. */
    @Benchmark
    public long bind(Unbound unbound) throws IOException {
        try (Image image = open().image()) {
            return image.erofsBytes();
        }
    }

    /** Opens an image that is there. */
    @Benchmark
    public long openImage() throws IOException {
        try (Image image = open().image()) {
            return image.erofsBytes();
        }
    }

    /** Closes the view. */
    @TearDown
    public void close() {
        if (open != null) {
            open.close();
        }
    }
}

package dev.velo.benchmarks;

import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Ingest of a whole tree without sync, in a warm JVM, into an empty store and again unchanged. Milliseconds for the tree. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 8)
@Measurement(iterations = 9)
public class IngestBenchmark {
    private static final IngestOptions OPTIONS = IngestOptions.defaults().withSync(SyncPolicy.NONE);

    private byte[] tree = {};
    private byte[] filled = {};

    /** Fills the store that is ingested into again. */
    @Setup
    public void fill() throws IOException {
        tree = Scratch.tree();
        filled = Scratch.fresh();
        ingest(filled);
        // what has changed just before an ingest is read again by the next one
        ingest(filled);
    }

    /** Everything is new. */
    @Benchmark
    public IngestReport ingestIntoEmptyStore() throws IOException {
        return ingest(Scratch.fresh());
    }

    /** Nothing has changed. */
    @Benchmark
    public IngestReport ingestUnchanged() throws IOException {
        return ingest(filled);
    }

    private IngestReport ingest(byte[] path) throws IOException {
        try (Store store = Store.open(path)) {
            return Ingest.run(store, tree, tree, OPTIONS, new IngestListener() {});
        }
    }
}

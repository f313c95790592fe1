package dev.velo.benchmarks;

import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.CheckoutReport;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.view.MetadataPolicy;
import java.io.IOException;
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

/**
 * Checkout of a whole tree by hard links to inodes that are there already, from the manifest's bytes on, in a warm JVM. Milliseconds
 * for the tree; {@code whole-process.sh} gives the time of {@code cp -al} beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 6)
@Measurement(iterations = 9)
public class CheckoutBenchmark {
    private static final MetadataPolicy METADATA =
            new MetadataPolicy(Root.Trust.UNTRUSTED, MetadataPolicy.Ownership.MAKER);

    /** How many threads link. */
    @Param({"1", "2"})
    private int threads;

    private @Nullable Store store;
    private byte[] manifestPath = {};

    /** Ingests the tree and makes the inodes. */
    @Setup
    public void fill() throws IOException {
        store = Store.open(Scratch.fresh());
        byte[] tree = Scratch.tree();
        manifestPath = Scratch.fresh();
        IngestOptions options = IngestOptions.defaults().withSync(SyncPolicy.NONE);
        Ingest.run(store, tree, manifestPath, options, new IngestListener() {});
        checkoutByLinks();
    }

    /** One checkout. */
    @Benchmark
    public CheckoutReport checkoutByLinks() throws IOException {
        Store open = store;
        if (open == null) {
            throw new IllegalStateException("the store is not open");
        }
        Manifest manifest = Store.readManifest(manifestPath);
        try (Packs packs = open.packs();
                Descriptor target = Checkout.makeTarget(Scratch.fresh())) {
            return Checkout.run(open, packs, manifest, target.fd(), CheckoutMode.LINK, METADATA, threads);
        }
    }

    /** Closes the store; the folders stay until the measurements are over. */
    @TearDown
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}

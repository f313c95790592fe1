package dev.velo.benchmarks;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.PackWriter;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Blobs from memory into a store, hashed and sealed in packs of 64, beside files that {@code Files} writes of the same bytes without
 * hashing them. Neither is synced. Nanoseconds a blob; needs no tree.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StoreBenchmark {
    private static final int BLOBS = 64;

    /** Bytes of each blob. */
    @Param({"1024", "4096", "1048576"})
    private int size;

    private final Arena arena = Arena.ofShared();
    private MemorySegment content = MemorySegment.NULL;
    private byte[] array = {};
    private Path folder = Path.of("/");
    private @Nullable Store store;
    private long number;

    /** Makes a store, and random bytes that every blob differs from in its first eight. */
    @Setup
    public void prepare() throws IOException {
        array = new byte[size];
        new Random(size).nextBytes(array);
        content = arena.allocate((long) size * BLOBS, Long.BYTES);
        for (int i = 0; i < BLOBS; i++) {
            MemorySegment.copy(MemorySegment.ofArray(array), 0, content, (long) i * size, size);
        }
        store = Store.open(Scratch.fresh());
        folder = Path.of(PathBytes.show(Scratch.fresh()));
        Files.createDirectories(folder);
    }

    /** Hashes the blobs and writes them as one pack. */
    @Benchmark
    @OperationsPerInvocation(BLOBS)
    public Digest store() throws IOException {
        Store open = Objects.requireNonNull(store);
        MessageDigest sha = Hashing.sha256();
        try (PackWriter writer = new PackWriter(open.fd(Store.Room.PACKS), SyncPolicy.NONE, BLOBS)) {
            for (int i = 0; i < BLOBS; i++) {
                MemorySegment blob = content.asSlice((long) i * size, size);
                blob.set(ValueLayout.JAVA_LONG, 0, number++);
                sha.update(blob.asByteBuffer());
                Digest digest = Digest.of(sha.digest(), 0);
                writer.add(digest.word0(), digest.word1(), digest.word2(), digest.word3(), blob.address(), size);
            }
            writer.flush();
            return writer.seal();
        }
    }

    /** Writes the same bytes as files. */
    @Benchmark
    @OperationsPerInvocation(BLOBS)
    public void writeFiles() throws IOException {
        Path fresh = Files.createDirectory(folder.resolve("files" + number));
        for (int i = 0; i < BLOBS; i++) {
            number++;
            Files.write(fresh.resolve("file" + i), array);
        }
    }

    /** Closes the store. */
    @TearDown
    public void close() {
        Objects.requireNonNull(store).close();
        arena.close();
    }
}

package dev.velo.benchmarks;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.View;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/**
 * One file opened by its path and read, or mapped and looked at, through a view; beside {@code Files} and {@code FileChannel} on the
 * original. Nanoseconds a file; needs no tree.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
    /** Bytes of each file. */
    @Param({"1024", "4096", "1048576"})
    private int size;

    private @Nullable OpenView open;
    private byte[][] paths = {};
    private Path[] originals = {};
    private MemorySegment memory = MemorySegment.NULL;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int next;

    /** Makes files of the size, with random bytes, and ingests them. */
    @Setup
    public void prepare() throws IOException {
        int count = size > 100_000 ? 16 : 256;
        Path tree = Path.of(PathBytes.show(Scratch.fresh()));
        Files.createDirectories(tree.resolve("some/folder"));
        paths = new byte[count][];
        originals = new Path[count];
        Random random = new Random(size);
        byte[] content = new byte[size];
        for (int i = 0; i < count; i++) {
            random.nextBytes(content);
            String name = "some/folder/file-" + i;
            originals[i] = Files.write(tree.resolve(name), content);
            paths[i] = PathBytes.of(name);
        }
        open = new OpenView(PathBytes.of(tree));
        memory = Arena.ofAuto().allocate(size);
        buffer = ByteBuffer.allocateDirect(size);
    }

    private View view() {
        if (open == null) {
            throw new IllegalStateException("the view is not open");
        }
        return open.view();
    }

    private int next() {
        next = next + 1 < paths.length ? next + 1 : 0;
        return next;
    }

    /** All bytes into memory that is there. */
    @Benchmark
    public int read() throws IOException {
        View view = view();
        return view.read(view.find(paths[next()]), 0, memory);
    }

    /** All bytes into a new array. */
    @Benchmark
    public byte[] readArray() throws IOException {
        View view = view();
        int node = view.find(paths[next()]);
        byte[] bytes = new byte[(int) view.size(node)];
        view.read(node, 0, MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** The same from the original. */
    @Benchmark
    public byte[] readArrayOfOriginal() throws IOException {
        return Files.readAllBytes(originals[next()]);
    }

    /** All bytes of the original into a buffer that is there. */
    @Benchmark
    public int readOriginalByChannel() throws IOException {
        try (FileChannel channel = FileChannel.open(originals[next()], StandardOpenOption.READ)) {
            return channel.read(buffer.clear());
        }
    }

    /** One byte of the mapped file. */
    @Benchmark
    public byte map() throws IOException {
        View view = view();
        return view.map(view.find(paths[next()])).get(ValueLayout.JAVA_BYTE, size / 2);
    }

    /** One byte of the mapped original. */
    @Benchmark
    public byte mapOriginal() throws IOException {
        try (FileChannel channel = FileChannel.open(originals[next()], StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena).get(ValueLayout.JAVA_BYTE, size / 2);
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

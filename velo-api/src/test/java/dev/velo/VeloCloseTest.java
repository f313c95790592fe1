package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of a view's users when it is closed. */
@Isolated("it looks at all children of this process")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class VeloCloseTest {
    private static final int LARGE_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private SmallTree small;
    private VeloView view;

    @BeforeEach
    void open() throws IOException {
        small = SmallTree.open(folder);
        view = small.view();
    }

    @AfterEach
    void close() {
        small.close();
    }

    @Test
    void everyUseOfAClosedViewSaysSo() throws Exception {
        MemorySegment mapped = view.map("greeting");
        InputStream stream = view.newInputStream("greeting");
        SeekableByteChannel channel = view.newByteChannel("greeting");
        Iterator<VeloEntry> walk = view.walk("").iterator();
        VeloCommand command = view.command("true");
        assertThat(walk.next().path()).isEmpty();
        assertThat(view.isOpen()).isTrue();

        view.close();
        view.close();

        assertThat(view.isOpen()).isFalse();
        assertThat(view.digest()).isEqualTo(small.ingested().digest());
        VeloCheckout copy = VeloCheckout.of(VeloCheckout.Mode.COPY);
        List<Callable<?>> uses = List.of(
                () -> view.find("greeting"),
                () -> view.entry("greeting"),
                () -> view.list(""),
                () -> view.walk(""),
                () -> walk.next(),
                () -> view.read("greeting", 0, ByteBuffer.allocate(1)),
                () -> view.readAllBytes("greeting"),
                () -> view.newInputStream("greeting"),
                () -> view.newByteChannel("greeting"),
                () -> view.map("greeting"),
                () -> view.checkout(folder.resolve("copy"), copy),
                () -> view.mount(folder),
                () -> view.command("true"),
                () -> view.fileSystem(),
                () -> command.start());
        for (Callable<?> use : uses) {
            assertThatIllegalStateException().isThrownBy(use::call).withMessage("the view is closed");
        }
        assertThatIllegalStateException().isThrownBy(() -> mapped.get(ValueLayout.JAVA_BYTE, 0));
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(stream::read);
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> channel.read(ByteBuffer.allocate(1)));
        stream.close();
        channel.close();
        assertThat(folder.resolve("copy")).doesNotExist();
    }

    @Test
    void viewsOfOneTreeAreClosedEachForItself() throws Exception {
        try (VeloView other = small.store().view(small.ingested())) {
            view.close();

            assertThat(other.readAllBytes("greeting")).asString().isEqualTo("hello\n");
        }
    }

    @Test
    void aViewWhoseMemoryAChannelIsReadingIsClosedLater() throws Exception {
        Path tree = small.directory("large");
        Files.write(tree.resolve("large"), new byte[LARGE_BYTES]);
        VeloView large = small.store()
                .view(small.store().ingest(tree, VeloIngestOptions.DEFAULT).tree());
        Pipe pipe = Pipe.open();
        ByteBuffer mapped = large.map("large").asByteBuffer();
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> writing = threads.submit(() -> {
                while (mapped.hasRemaining()) {
                    pipe.sink().write(mapped);
                }
                return null;
            });
            ByteBuffer read = ByteBuffer.allocate(LARGE_BYTES);
            // bytes have come, and the writer waits for room for the rest
            pipe.source().read(read.limit(1));
            assertThatIllegalStateException().isThrownBy(large::close).withMessageContaining("a channel is at work");
            assertThat(large.isOpen()).isTrue();
            read.limit(LARGE_BYTES);
            while (read.hasRemaining()) {
                pipe.source().read(read);
            }
            writing.get();
        }
        large.close();
        assertThat(large.isOpen()).isFalse();
    }

    @RepeatedTest(5)
    void manyReadWhileOneCloses() throws Exception {
        List<Callable<?>> uses = List.of(
                () -> view.list("/"),
                () -> view.entry("link"),
                () -> view.readAllBytes("sub/deep"),
                () -> view.walk("").count(),
                () -> view.map("greeting").get(ValueLayout.JAVA_BYTE, 0),
                () -> {
                    try (InputStream in = view.newInputStream("tool")) {
                        return in.readAllBytes();
                    }
                });
        closeUnder(uses, 200);
    }

    @Test
    void manyStartCommandsWhileOneCloses() throws Exception {
        Privileges.assumeNamespaces();
        Callable<?> use = () -> {
            Process process = view.command("cat", "greeting").start();
            assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("hello\n");
            return process.waitFor();
        };
        closeUnder(List.of(use, use, use, use), 5);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void theStoreIsClosedWhenTheLastUseHasEnded() throws Exception {
        Callable<?> use = () -> small.store().ingest(small.tree(), VeloIngestOptions.DEFAULT);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            CountDownLatch begun = new CountDownLatch(8);
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                users.add(threads.submit(() -> untilClosed(use, begun)));
            }
            begun.await();
            small.store().close();
            for (Future<?> user : users) {
                user.get();
            }
        }
        try (VeloStore again = VeloStore.open(folder.resolve("store"))) {
            assertThat(again.verify().problems()).isEmpty();
        }
    }

    private void closeUnder(List<Callable<?>> uses, int rounds) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(uses.size() + 2)) {
            CountDownLatch begun = new CountDownLatch(uses.size() * rounds);
            List<Future<?>> users = new ArrayList<>();
            for (Callable<?> use : uses) {
                users.add(threads.submit(() -> untilClosed(use, begun)));
            }
            begun.await();
            Future<?> first = threads.submit(view::close);
            Future<?> second = threads.submit(view::close);
            first.get();
            second.get();
            for (Future<?> user : users) {
                user.get();
            }
        }
    }

    /** Goes on until the view or store is closed; anything else that is thrown fails the test. */
    private static Void untilClosed(Callable<?> use, CountDownLatch begun) throws Exception {
        while (true) {
            try {
                use.call();
                begun.countDown();
            } catch (IllegalStateException | ClosedChannelException e) {
                return null;
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }
}

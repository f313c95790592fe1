package dev.velo.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.velo.core.format.Digest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.present.Anchor;
import dev.velo.core.present.Anchors;
import dev.velo.core.present.ImageFiles;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.View;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What an image costs by the size of its tree, step by step in one process: bound, opened, mounted where no anchor is. A program and no
 * JMH benchmark, because the first time counts: {@code large-image.sh} starts a new process for each step.
 */
public final class LargeImage {
    private static final int ROUNDS = 200;
    private static final int BINDS = 3;

    private final Store store;
    private final byte[] manifest;
    private final Digest tree;
    private final boolean printing;

    private LargeImage(Store store, byte[] manifest, boolean printing) throws IOException {
        this.store = store;
        this.manifest = manifest;
        this.printing = printing;
        this.tree = Roots.digestOf(manifest);
    }

    /** Arguments: ingest, bind, open or mount; a store; a manifest; for ingest the tree, for the others another store and manifest. */
    public static void main(String[] arguments) throws IOException {
        try (Store store = Store.open(path(arguments[1]))) {
            byte[] manifest = path(arguments[2]);
            if (arguments[0].equals("ingest")) {
                IngestOptions options = IngestOptions.defaults().withSync(SyncPolicy.NONE);
                Ingest.run(store, path(arguments[3]), manifest, options, new IngestListener() {});
                return;
            }
            // what is not there yet of the classes is loaded for another tree
            try (Store other = Store.open(path(arguments[3]))) {
                LargeImage loading = new LargeImage(other, path(arguments[4]), false);
                loading.run("bind");
                loading.run(arguments[0]);
            }
            new LargeImage(store, manifest, true).run(arguments[0]);
        }
    }

    private static byte[] path(String argument) {
        return PathBytes.of(Path.of(argument).toAbsolutePath());
    }

    private void run(String step) throws IOException {
        switch (step) {
            case "bind" -> bind();
            case "open" -> open();
            case "mount" -> mount();
            default -> throw new IllegalArgumentException(step);
        }
    }

    private Image image() throws IOException {
        return Images.of(store, tree, OpenView.POLICY, () -> Store.readManifest(manifest));
    }

    private void bind() throws IOException {
        for (int i = 0; i < BINDS; i++) {
            long start = System.nanoTime();
            try (Image image = image()) {
                print("bind", System.nanoTime() - start);
                if (i == BINDS - 1) {
                    start = System.nanoTime();
                    image.verify();
                    print("verify the whole", System.nanoTime() - start);
                }
                if (i < BINDS - 1) {
                    Files.delete(file(image));
                } else {
                    print("inodes", Long.toString(image.inodeCount()));
                    print("MiB of the image", Long.toString(Files.size(file(image)) >> 20));
                }
            }
        }
    }

    private void open() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        threads.getThreadAllocatedBytes(self);
        long[] nanos = new long[ROUNDS];
        long[] bytes = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long allocated = threads.getThreadAllocatedBytes(self);
            long start = System.nanoTime();
            try (View view = View.open(store, image())) {
                nanos[i] = System.nanoTime() - start;
                bytes[i] = threads.getThreadAllocatedBytes(self) - allocated;
                if (view.root() < 0) {
                    throw new IOException("no root");
                }
            }
        }
        print("open, first", nanos[0]);
        print("open, median", median(nanos));
        print("heap bytes to open", Long.toString(median(bytes)));
    }

    private void mount() throws IOException {
        Anchors anchors = new Anchors(store);
        long[] nanos = new long[ROUNDS];
        try (Image image = image()) {
            ImageFiles files = ImageFiles.of(store, image);
            for (int i = 0; i < ROUNDS; i++) {
                long start = System.nanoTime();
                try (Anchor anchor = anchors.of(files)) {
                    nanos[i] = System.nanoTime() - start;
                    if (anchor.tree().length == 0) {
                        throw new IOException("no anchor");
                    }
                }
                if (!anchors.unmountIdle(PathBytes.lastName(files.path()))) {
                    throw new IOException("the anchor is in use");
                }
            }
        }
        print("mount without an anchor, first", nanos[0]);
        print("mount without an anchor, median", median(nanos));
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static Path file(Image image) {
        return Path.of(PathBytes.show(image.path()));
    }

    private void print(String what, long nanos) {
        print(what, String.format(Locale.ROOT, "%.3f ms", nanos / 1e6));
    }

    private void print(String what, String value) {
        if (printing) {
            System.out.printf(Locale.ROOT, "  %-36s %12s%n", what, value);
        }
    }
}

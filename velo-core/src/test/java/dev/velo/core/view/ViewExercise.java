package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks an image everything that can be asked, as one does who does not trust it; whatever is not an IOException is a fault of the reader. */
final class ViewExercise {
    private static final int MAX_ENTRIES = 5_000;
    private static final long TOUCHED_BYTES = 1 << 20;

    private final Store store;
    private final byte[] file;
    private final List<byte[]> paths;
    private final MemorySegment buffer = Arena.ofAuto().allocate(5000);
    private long answers;
    private long refusals;

    /** @param file where the image stands each time */
    ViewExercise(Store store, byte[] file, List<byte[]> paths) {
        this.store = store;
        this.file = file;
        this.paths = paths;
    }

    /** How many questions were answered, and how many refused. */
    long answers() {
        return answers;
    }

    long refusals() {
        return refusals;
    }

    private interface Question {
        void ask() throws IOException;
    }

    private void ask(Question question) {
        try {
            question.ask();
            answers++;
        } catch (IOException e) {
            refusals++;
        }
    }

    void run() {
        ask(() -> {
            Image image = Image.open(file);
            try (View view = View.open(store, image)) {
                ask(image::verify);
                walk(view);
                for (byte[] path : paths) {
                    askPath(view, path);
                }
                for (int blob = 0; blob < image.blobCount(); blob++) {
                    image.digest(blob);
                }
            }
        });
    }

    private void askPath(View view, byte[] path) {
        ask(() -> node(view, view.find(path)));
        ask(() -> node(view, view.findLink(path)));
        ask(() -> {
            try {
                view.require(path, Following.ALL);
            } catch (ErrnoException e) {
                // as good an answer as any
            }
        });
    }

    private void node(View view, int node) throws IOException {
        if (node != View.NONE) {
            view.kind(node);
        }
    }

    /** Goes through all directories, each once, because an image may say that one holds itself. */
    private void walk(View view) {
        Set<Integer> seen = new HashSet<>(Set.of(view.root()));
        Deque<Integer> directories = new ArrayDeque<>(seen);
        int[] entries = {0};
        entry(view, view.root());
        while (!directories.isEmpty()) {
            int directory = directories.remove();
            ask(() -> {
                DirectoryCursor cursor = view.list(directory);
                while (entries[0]++ < MAX_ENTRIES && cursor.next()) {
                    entry(view, cursor.node());
                    ask(() -> view.child(directory, cursor.name()));
                    boolean isNew = seen.add(cursor.node());
                    if (isNew && cursor.kind() == EntryKind.DIRECTORY) {
                        directories.add(cursor.node());
                    }
                }
            });
            ask(() -> view.child(directory, PathBytes.of("..")));
        }
    }

    private void entry(View view, int node) {
        ask(() -> view.permissions(node));
        ask(() -> view.size(node));
        ask(() -> view.mtimeSeconds(node));
        ask(() -> view.mtimeNanos(node));
        ask(() -> view.uid(node));
        ask(() -> view.gid(node));
        ask(() -> view.linkCount(node));
        ask(() -> view.device(node));
        ask(() -> view.attributes(node));
        ask(() -> view.digest(node));
        ask(() -> {
            switch (view.kind(node)) {
                case SYMLINK -> view.target(node);
                case FILE -> file(view, node);
                default -> {}
            }
        });
    }

    private void file(View view, int node) {
        ask(() -> view.read(node, 0, buffer));
        ask(() -> view.read(node, Math.max(0, view.size(node) - 1), buffer));
        ask(() -> view.read(node, view.size(node) / 2, buffer));
        ask(() -> view.read(node, Long.MAX_VALUE, buffer));
        ask(() -> {
            MemorySegment bytes = view.map(node);
            if (bytes.byteSize() > 0) {
                bytes.get(ValueLayout.JAVA_BYTE, 0);
                bytes.get(ValueLayout.JAVA_BYTE, bytes.byteSize() - 1);
                bytes.get(ValueLayout.JAVA_BYTE, Math.min(bytes.byteSize() - 1, TOUCHED_BYTES));
            }
        });
    }
}

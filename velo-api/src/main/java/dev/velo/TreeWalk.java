package dev.velo;

import dev.velo.core.format.EntryKind;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.DirectoryCursor;
import dev.velo.core.view.View;
import dev.velo.nio.NameCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemLoopException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a tree, directories before what they hold. A directory has one parent: one that is met twice is an image's fault, and
 * ends the walk, which could otherwise go on for ever.
 */
final class TreeWalk extends Spliterators.AbstractSpliterator<VeloEntry> {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Level(byte[] path, DirectoryCursor cursor) {}

    private final View view;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Set<Integer> directories = new HashSet<>();
    private @Nullable Step start;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Step(int node, byte[] path) {}

    private TreeWalk(View view, Step start) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.view = view;
        this.start = start;
    }

    static Stream<VeloEntry> of(View view, int node, byte[] path) {
        return StreamSupport.stream(new TreeWalk(view, new Step(node, path)), false);
    }

    static byte[] below(byte[] directory, byte[] name) {
        return directory.length == 0 ? name : PathBytes.join(directory, name);
    }

    @Override
    public boolean tryAdvance(Consumer<? super VeloEntry> action) {
        if (view.isClosed()) {
            throw new IllegalStateException("the view is closed");
        }
        try {
            Step step = next();
            if (step == null) {
                return false;
            }
            VeloEntry entry = VeloEntry.of(view, step.node(), step.path());
            if (view.kind(step.node()) == EntryKind.DIRECTORY) {
                enter(step);
            }
            action.accept(entry);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Step next() throws IOException {
        if (start != null) {
            Step first = start;
            start = null;
            return first;
        }
        while (!levels.isEmpty()) {
            Level level = levels.getLast();
            if (level.cursor().next()) {
                return new Step(
                        level.cursor().node(),
                        below(level.path(), level.cursor().name()));
            }
            levels.removeLast();
        }
        return null;
    }

    private void enter(Step directory) throws IOException {
        if (!directories.add(directory.node())) {
            throw new FileSystemLoopException(NameCodec.decode(directory.path()));
        }
        levels.addLast(new Level(directory.path(), view.list(directory.node())));
    }
}

package dev.velo.core.present;

import dev.velo.core.testing.PresentedTree;
import dev.velo.core.testing.ViewComparison;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.DirectoryCursor;
import dev.velo.core.view.View;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tree that this process alone sees, without the kernel. */
record TreeInView(View view) implements PresentedTree {
    private static final int PAGE_BYTES = 4096;

    private int node(String path) throws IOException {
        return path.isEmpty() ? view.root() : view.find(PathBytes.of(path));
    }

    @Override
    public List<String> differences(Path original) throws IOException {
        return ViewComparison.compare(original, view).differences();
    }

    @Override
    public List<String> names(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        DirectoryCursor cursor = view.list(node(directory));
        while (cursor.next()) {
            names.add(PathBytes.show(cursor.name()));
        }
        return names;
    }

    @Override
    public long size(String file) throws IOException {
        return view.size(node(file));
    }

    @Override
    public byte[] read(String file, long offset, int count) throws IOException {
        byte[] bytes = new byte[count];
        return Arrays.copyOf(bytes, Math.max(0, view.read(node(file), offset, MemorySegment.ofArray(bytes))));
    }

    /** What is mapped ends where the file ends. */
    @Override
    public byte[] lastPage(String file) throws IOException {
        long start = (size(file) - 1) & -PAGE_BYTES;
        return view.map(node(file)).asSlice(start).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
        view.close();
    }
}

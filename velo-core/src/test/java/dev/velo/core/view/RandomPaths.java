package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Paths made of the names of a view, of dots and slashes, and now and then of something that is nowhere. */
final class RandomPaths {
    private static final int MAX_NAMES = 12;

    private final View view;
    private final SplittableRandom random;
    private final Map<Integer, List<byte[]>> names = new HashMap<>();
    private final List<byte[]> all = new ArrayList<>();

    RandomPaths(View view, SplittableRandom random) throws IOException {
        this.view = view;
        this.random = random;
        collect(view.root());
    }

    private void collect(int directory) throws IOException {
        DirectoryCursor cursor = view.list(directory);
        List<byte[]> here = new ArrayList<>();
        while (cursor.next()) {
            here.add(cursor.name());
            if (cursor.kind() == EntryKind.DIRECTORY) {
                collect(cursor.node());
            }
        }
        names.put(directory, here);
        all.addAll(here);
    }

    byte[] next() throws IOException {
        byte[] path = random.nextInt(4) == 0 ? PathBytes.of("/") : new byte[0];
        if (random.nextInt(3) == 0) {
            path = PathBytes.concat(path, PathBytes.of("maze/"));
        }
        for (int count = 1 + random.nextInt(MAX_NAMES); count > 0; count--) {
            path = PathBytes.concat(path, name(path));
            path = PathBytes.concat(path, slashes(count > 1));
        }
        return path;
    }

    /** Mostly a name that leads on from where the path has led. */
    private byte[] name(byte[] path) throws IOException {
        int choice = random.nextInt(100);
        int node = view.find(path.length == 0 ? PathBytes.of("/") : path);
        if (choice < 80 && node != View.NONE && view.kind(node) == EntryKind.DIRECTORY) {
            List<byte[]> here = names.getOrDefault(node, List.of());
            return here.isEmpty() ? PathBytes.of("..") : here.get(random.nextInt(here.size()));
        }
        return switch (choice % 7) {
            case 0 -> PathBytes.of(".");
            case 1, 2 -> PathBytes.of("..");
            case 3 -> garbage();
            default -> all.get(random.nextInt(all.size()));
        };
    }

    private byte[] garbage() {
        byte[] name = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 300 : 8)];
        for (int i = 0; i < name.length; i++) {
            int value = 1 + random.nextInt(255);
            name[i] = (byte) (random.nextInt(4) == 0 ? '.' : value);
        }
        return name;
    }

    private byte[] slashes(boolean between) {
        int choice = random.nextInt(10);
        if (between) {
            return PathBytes.of(choice == 0 ? "//" : choice == 1 ? "/./" : "/");
        }
        return PathBytes.of(choice == 0 ? "/" : choice == 1 ? "//" : choice == 2 ? "/." : choice == 3 ? "/.." : "");
    }
}

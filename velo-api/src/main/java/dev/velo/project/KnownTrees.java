package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.LockFile;
import dev.velo.core.store.PathText;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trees of a store that are known by their keys, in its room {@code trees}: for each key {@code KEY.velo}, its manifest, which is
 * registered; {@code KEY.key}, the text that the key is the digest of; {@code KEY.sketch}, what its lockfile is like; {@code KEY.parts},
 * where its parts are seen, each of which is known by a key of its own. And for each project {@code HASH.project}, the keys that it had
 * last.
 */
public final class KnownTrees {
    private static final String MANIFEST = ".velo";
    private static final String KEY = ".key";
    private static final String SKETCH = ".sketch";
    private static final String PARTS = ".parts";
    private static final String PROJECT = ".project";

    /** Trees that have less in common are made anew faster than one out of the other. */
    private static final double ENOUGH_ALIKE = 0.5;

    private final Store store;
    private final Roots roots;

    /** For a store that stays open as long as this is used. */
    public KnownTrees(Store store) {
        this.store = store;
        this.roots = new Roots(store);
    }

    /** A tree, and the text of its key. */
    public record Known(TreeKey key, Root root) {}

    /** A project that used trees of this store: where it is, and the key of each of its trees by name. */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    public record Uses(byte[] folder, Map<String, Digest> keys) {}

    /** The tree of this key, with its parts; null if it is not known, or not all of it. */
    public @Nullable ReadyTree find(ProjectTree tree, TreeKey key) throws IOException {
        Root root = store.has(Store.Room.TREES) ? roots.find(manifest(key)) : null;
        if (root == null) {
            return null;
        }
        List<ReadyTree> parts = new ArrayList<>();
        for (String path : parts(key)) {
            ReadyTree part = find(tree.part(path), key.part(path));
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return new ReadyTree(tree, key, root, parts);
    }

    /** Where the parts of the tree of this key are seen: paths from its folder on. */
    private List<String> parts(TreeKey key) throws IOException {
        byte[] file = path(key.digest() + PARTS);
        String text = SmallFiles.text(file);
        return text == null ? List.of() : PathLines.parse(PathBytes.show(file), text);
    }

    /** Absolute path of the manifest of the tree of this key. */
    byte[] manifest(TreeKey key) {
        return path(key.digest() + MANIFEST);
    }

    /** Lets nobody else make the tree of this key; waits for whoever does. The caller closes it. */
    Descriptor lock(TreeKey key) throws IOException {
        store.requireWritable();
        return LockFile.take(store.fd(Store.Room.TREES), PathBytes.of(key.digest() + LockFile.SUFFIX));
    }

    /** Notes what a tree is of that is about to be registered, and where its parts are seen, which have been. */
    void describe(TreeKey key, LockSketch sketch, List<String> parts) throws IOException {
        SmallFiles.write(path(key.digest() + SKETCH), sketch.text(), 0600);
        if (parts.isEmpty()) {
            unlink(key.digest() + PARTS); // it may have been made before
        } else {
            SmallFiles.write(path(key.digest() + PARTS), PathLines.of(parts), 0600);
        }
        SmallFiles.write(path(key.digest() + KEY), key.text(), 0600);
    }

    /**
     * The tree that is most like the one of this key, and like enough for a tool to make one out of the other; null if there is none. One
     * that has parts is none: it is shown at one place to the tool.
     */
    @Nullable
    Known nearest(TreeKey key, LockSketch sketch) throws IOException {
        Known nearest = null;
        double best = ENOUGH_ALIKE;
        for (Known known : all()) {
            if (!known.key().isKin(key) || !parts(known.key()).isEmpty()) {
                continue;
            }
            double likeness = sketch(known.key()).map(sketch::likeness).orElse(0.0);
            if (likeness >= best) {
                best = likeness;
                nearest = known;
            }
        }
        return nearest;
    }

    private Optional<LockSketch> sketch(TreeKey key) throws IOException {
        String text = SmallFiles.text(path(key.digest() + SKETCH));
        try {
            return text == null ? Optional.empty() : Optional.of(LockSketch.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // derived, so nothing is lost
        }
    }

    /** Every tree that is known by a key, in the order of keys. */
    public List<Known> all() throws IOException {
        List<Known> all = new ArrayList<>();
        for (String name : names(KEY)) {
            String text = SmallFiles.text(path(name));
            if (text == null) {
                continue;
            }
            TreeKey key = TreeKey.parse(text);
            Root root = name.equals(key.digest() + KEY) ? roots.find(manifest(key)) : null;
            if (root != null) {
                all.add(new Known(key, root));
            }
        }
        return all;
    }

    /** Notes which trees a project has now. */
    void note(Project project, Map<String, Digest> keys) throws IOException {
        if (store.isReadOnly()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        text.append("folder ").append(PathText.escape(project.folder())).append('\n');
        keys.forEach((name, key) -> text.append("tree ")
                .append(key)
                .append(' ')
                .append(PathText.escape(name.getBytes(StandardCharsets.UTF_8)))
                .append('\n'));
        byte[] path = path(projectName(project.folder()));
        if (!text.toString().equals(SmallFiles.text(path))) {
            SmallFiles.write(path, text.toString(), 0600);
        }
    }

    /** Forgets a project; its trees stay. */
    public void forget(byte[] folder) throws IOException {
        unlink(projectName(folder));
    }

    /** Forgets a tree: its blobs stay until a collection. */
    public void forget(Known known) throws IOException {
        String key = known.key().digest().toString();
        roots.remove(known.root().manifestPath());
        for (String suffix : List.of(MANIFEST, KEY, SKETCH, PARTS)) {
            unlink(key + suffix);
        }
        LockFile.removeIdle(store.fd(Store.Room.TREES), PathBytes.of(key + LockFile.SUFFIX));
    }

    private void unlink(String name) throws ErrnoException {
        try {
            LinkCalls.unlinkat(store.fd(Store.Room.TREES), PathBytes.of(name), 0);
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    /** The projects that used trees of this store, in the order of their folders. */
    public List<Uses> projects() throws IOException {
        List<Uses> projects = new ArrayList<>();
        for (String name : names(PROJECT)) {
            String text = SmallFiles.text(path(name));
            Uses uses = text == null ? null : uses(text);
            if (uses != null && name.equals(projectName(uses.folder()))) {
                projects.add(uses);
            }
        }
        projects.sort(Comparator.comparing(uses -> PathBytes.show(uses.folder())));
        return projects;
    }

    private static @Nullable Uses uses(String text) {
        byte[] folder = null;
        Map<String, Digest> keys = new LinkedHashMap<>();
        try {
            for (String line : text.lines().toList()) {
                String[] words = line.split(" ", 3);
                if (words.length == 2 && words[0].equals("folder")) {
                    folder = PathText.unescape(words[1]);
                } else if (words.length == 3 && words[0].equals("tree")) {
                    keys.put(new String(PathText.unescape(words[2]), StandardCharsets.UTF_8), Digest.parse(words[1]));
                }
            }
        } catch (IllegalArgumentException e) {
            return null; // a hint that is damaged is none
        }
        return folder == null ? null : new Uses(folder, keys);
    }

    private static String projectName(byte[] folder) {
        byte[] hash = Hashing.sha256().digest(folder);
        return HexFormat.of().formatHex(hash, 0, 16) + PROJECT;
    }

    private List<String> names(String suffix) throws ErrnoException {
        if (!store.has(Store.Room.TREES)) {
            return List.of();
        }
        return DirectoryListing.names(store.fd(Store.Room.TREES)).stream()
                .map(PathBytes::show)
                .filter(name -> name.endsWith(suffix))
                .sorted()
                .toList();
    }

    private byte[] path(String name) {
        return PathBytes.join(store.path(Store.Room.TREES), PathBytes.of(name));
    }
}

package dev.velo.nio;

import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens the file system of a manifest: {@code store} in the environment names the store (a path or its text; else the default one),
 * {@code layers} the manifests of lower layers (a list of the same).
 */
record FileSystemOpening(VeloFileSystemProvider provider, Path manifest, Map<String, ?> environment) {
    private static final String SUFFIX = ".velo";

    /** The JDK asks every provider for any file; most are not Velo's. */
    void requireManifest() {
        boolean onDisk = manifest.getFileSystem().equals(FileSystems.getDefault());
        if (!onDisk || !manifest.toString().endsWith(SUFFIX) || !Files.isRegularFile(manifest)) {
            throw new UnsupportedOperationException(manifest + " is no manifest");
        }
    }

    /** The file system that URIs of this manifest name from now on. */
    VeloFileSystem openNamed() throws IOException {
        FileSystemKey key = FileSystemKey.ofManifest(manifest);
        OpenFileSystems.requireUnused(key);
        return open(key);
    }

    VeloFileSystem openUnnamed() throws IOException {
        return open(null);
    }

    private VeloFileSystem open(@Nullable FileSystemKey key) throws IOException {
        List<Path> manifests = new ArrayList<>(List.of(manifest));
        Object layers = environment.get("layers");
        if (layers instanceof List<?> lowers) {
            lowers.forEach(layer -> manifests.add(path(layer)));
        } else if (layers != null) {
            throw new IllegalArgumentException("layers are a list of paths, not " + layers);
        }
        Object named = environment.get("store");
        byte[] place = StorePlace.bytes(named == null ? StorePlace.standard() : path(named));
        try (Store store = Store.openExisting(place)) {
            List<Root> roots = new ArrayList<>();
            for (Path each : manifests) {
                roots.add(OpenTree.rootOf(store, StorePlace.bytes(each)));
            }
            return VeloFileSystem.owning(provider, OpenTree.of(store, roots).view(), key);
        } catch (ErrnoException e) {
            throw e.toFileSystemException();
        }
    }

    private static Path path(@Nullable Object value) {
        if (value instanceof Path path && path.getFileSystem().equals(FileSystems.getDefault())) {
            return path;
        }
        if (value instanceof CharSequence text) {
            return Path.of(text.toString());
        }
        throw new IllegalArgumentException("store and layers are paths of the default file system, not " + value);
    }
}

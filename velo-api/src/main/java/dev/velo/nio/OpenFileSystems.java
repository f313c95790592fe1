package dev.velo.nio;

import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The file systems that URIs can name now, in all of this process. */
final class OpenFileSystems {
    private static final ConcurrentMap<FileSystemKey, VeloFileSystem> OPEN = new ConcurrentHashMap<>();

    private OpenFileSystems() {}

    static void add(VeloFileSystem fileSystem) {
        requireUnused(fileSystem.key());
        if (OPEN.putIfAbsent(fileSystem.key(), fileSystem) != null) {
            throw new FileSystemAlreadyExistsException(fileSystem.toString());
        }
    }

    static void requireUnused(FileSystemKey key) {
        VeloFileSystem known = OPEN.get(key);
        if (known == null) {
            return;
        }
        if (known.isOpen()) {
            throw new FileSystemAlreadyExistsException(known.toString());
        }
        OPEN.remove(key, known);
    }

    static void remove(VeloFileSystem fileSystem) {
        OPEN.remove(fileSystem.key(), fileSystem);
    }

    static VeloFileSystem require(FileSystemKey key) {
        VeloFileSystem found = OPEN.get(key);
        if (found == null || !found.isOpen()) {
            throw new FileSystemNotFoundException(
                    key.uriPrefix() + "/ is not open; open it with FileSystems.newFileSystem or VeloView.fileSystem");
        }
        return found;
    }
}

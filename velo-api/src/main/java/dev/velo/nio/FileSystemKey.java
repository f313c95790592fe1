package dev.velo.nio;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What names a file system in URIs.
 *
 * @param uriPrefix what stands before the path inside: {@code velo:///home/me/app.velo;} or {@code velo://view-1}
 */
record FileSystemKey(String uriPrefix) {
    static final String AUTHORITY = "view-";

    static FileSystemKey ofView(int number) {
        return new FileSystemKey("velo://" + AUTHORITY + number);
    }

    static FileSystemKey ofAuthority(String authority) {
        return new FileSystemKey("velo://" + authority);
    }

    /** The key of a manifest file; links on the way to it are followed if it is there. */
    static FileSystemKey ofManifest(Path manifest) {
        Path real;
        try {
            real = manifest.toRealPath();
        } catch (IOException e) {
            real = manifest.toAbsolutePath().normalize();
        }
        return new FileSystemKey("velo://" + VeloUri.encode(PathBytes.of(real)) + VeloUri.SEPARATOR);
    }
}

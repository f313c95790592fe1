package dev.velo.core.view;

import dev.velo.core.format.Manifest;
import java.io.IOException;

/** Where the manifest of a tree comes from, if it is needed at all. */
@FunctionalInterface
public interface ManifestSource {
    Manifest read() throws IOException;
}

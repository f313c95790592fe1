package dev.velo.core.ingest;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;

/** A tree cannot be ingested because of one of its files. */
public final class IngestException extends IOException {
    private static final long serialVersionUID = 1;

    public IngestException(byte[] path, String problem) {
        super(PathBytes.show(path) + ": " + problem);
    }
}

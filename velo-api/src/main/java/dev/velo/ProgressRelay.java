package dev.velo;

import dev.velo.core.ingest.IngestListener;

/** Tells a program's listener what the core tells. */
record ProgressRelay(VeloIngestOptions.Progress to) implements IngestListener {
    @Override
    public void scanned(int entries) {
        to.scanned(entries);
    }

    @Override
    public void toRead(long files, long bytes) {
        to.toRead(files, bytes);
    }

    @Override
    public void read(long files, long bytes) {
        to.read(files, bytes);
    }

    @Override
    public void stored(long bytes) {
        to.stored(bytes);
    }
}

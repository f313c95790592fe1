package dev.velo.core.ingest;

/** Told how an ingest goes on, from any of its threads; must return at once. */
public interface IngestListener {
    /** That many more entries were found. */
    default void scanned(int entries) {}

    /** The scan is over: so many files of so many bytes must be read. */
    default void toRead(long files, long bytes) {}

    /** That many more files and bytes were read. */
    default void read(long files, long bytes) {}

    /** That many more bytes turned out to be new to the store. */
    default void stored(long bytes) {}
}

package dev.velo.core.ingest;

import dev.velo.core.format.Manifest;

/**
 * What was saved.
 *
 * @param manifest the whole tree
 * @param report about that tree; only the files of the upper were read
 */
public record SavedTree(Manifest manifest, IngestReport report) {}

package dev.velo.core.ingest;

/** What the stages of one ingest share. */
record Ingestion(
        ScannedTree tree,
        ReadList list,
        FileFacts facts,
        IngestOptions options,
        Warnings warnings,
        IngestListener listener) {}

package dev.velo.launcher;

import dev.velo.core.ingest.IngestReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code velo ingest} says at its end. */
final class IngestSummary {
    private IngestSummary() {}

    static String sentence(IngestReport report, byte[] manifest) {
        return StoreOptions.shown(manifest) + ": " + report.files() + " files, " + Sizes.of(report.bytes()) + "; read "
                + report.filesRead() + ", new " + report.newBlobs() + " blobs, " + Sizes.of(report.newBytes())
                + "; tree "
                + report.tree();
    }

    static Map<String, Object> fields(IngestReport report, byte[] manifest) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("manifest", StoreOptions.shown(manifest));
        fields.put("tree", report.tree().toString());
        fields.put("entries", report.entries());
        fields.put("files", report.files());
        fields.put("bytes", report.bytes());
        fields.put("filesRead", report.filesRead());
        fields.put("bytesRead", report.bytesRead());
        fields.put("newBlobs", report.newBlobs());
        fields.put("newBytes", report.newBytes());
        fields.put("packBytes", report.packBytes());
        fields.put("warnings", report.warningCount());
        return fields;
    }
}

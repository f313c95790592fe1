package dev.velo.launcher;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Finding;
import dev.velo.core.verify.RepairReport;
import dev.velo.core.verify.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a verification found, for people and for programs. */
final class VerifySummary {
    private VerifySummary() {}

    static String sentence(RepairReport repair) {
        Report report = repair.found();
        String loose = report.looseFiles() == 0 ? "" : " and " + report.looseFiles() + " loose files";
        String read = report.depth() == Depth.CONTENTS
                ? report.blobs() + " blobs" + loose + ", " + Sizes.of(report.bytes())
                : report.blobs() + " blobs in " + report.packs() + " packs, contents not read";
        String skipped =
                report.skippedPacks() == 0 ? "" : ", and " + report.skippedPacks() + " packs that were whole before";
        String verdict = switch (report.findings().size()) {
            case 0 -> "all right";
            case 1 -> "1 problem";
            default -> report.findings().size() + " problems";
        };
        String left = repair.left().isEmpty() ? "" : ", " + repair.left().size() + " not repaired";
        return read + skipped + ": " + verdict + left;
    }

    static Map<String, Object> fields(RepairReport repair, boolean contents) {
        Report report = repair.found();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("contents", contents);
        fields.put("packs", report.packs());
        fields.put("trees", report.trees());
        fields.put("blobs", report.blobs());
        fields.put("looseFiles", report.looseFiles());
        fields.put("bytes", report.bytes());
        fields.put("skippedPacks", report.skippedPacks());
        fields.put("problems", new ArrayList<Object>(report.problems()));
        fields.put(
                "findings",
                report.findings().stream().map(VerifySummary::fields).toList());
        fields.put("repaired", new ArrayList<Object>(repair.done()));
        fields.put("notRepaired", new ArrayList<Object>(repair.left()));
        return fields;
    }

    private static Map<String, Object> fields(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", Terminal.lower(finding.kind()));
        Finding.Place place = finding.place();
        if (place != null) {
            fields.put("file", Terminal.lower(place.room()) + "/" + PathBytes.show(place.name()));
            fields.put("offset", finding.offset());
        }
        if (finding.digest() != null) {
            fields.put("digest", finding.digest().toString());
        }
        List<Map<String, Object>> uses = new ArrayList<>();
        finding.uses().first().forEach(use -> {
            Map<String, Object> named = new LinkedHashMap<>();
            named.put("manifest", use.manifest());
            named.put("path", use.shown());
            uses.add(named);
        });
        fields.put("uses", uses);
        fields.put("useCount", finding.uses().count());
        return fields;
    }
}

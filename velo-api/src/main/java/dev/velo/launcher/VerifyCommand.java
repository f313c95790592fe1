package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.core.store.Verification;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Workers;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo verify}: holds every blob of the store or of one tree against its digest. */
@Command(
        name = "verify",
        sortOptions = false,
        description =
                "Reads the store, or the blobs of one tree, and holds everything against its digest. Status 1: something is wrong.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "MANIFEST",
            description = "The tree to verify; by default the whole store.")
    private String manifest = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints what is wrong only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    @SuppressWarnings("try") // the lock is only held
    public Integer call() throws IOException {
        Verification.Report report;
        try (Store opened = store.openExisting();
                Descriptor lock = opened.lockShared()) {
            report = manifest.isEmpty()
                    ? Verification.ofStore(opened, Workers.processors()).with(Images.problems(opened))
                    : Verification.ofTree(
                            opened, Store.readManifest(ProcessFacts.path(manifest)), Workers.processors());
        }
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("blobs", report.blobs());
            fields.put("looseFiles", report.loose());
            fields.put("bytes", report.bytes());
            fields.put("problems", new ArrayList<Object>(report.problems()));
            Json.print(fields);
        } else {
            report.problems().forEach(problem -> Terminal.err().println("velo: " + problem));
            if (!quiet) {
                String loose = report.loose() == 0 ? "" : " and " + report.loose() + " loose files";
                String verdict = switch (report.problems().size()) {
                    case 0 -> "all right";
                    case 1 -> "1 problem";
                    default -> report.problems().size() + " problems";
                };
                Terminal.out()
                        .println(report.blobs() + " blobs" + loose + ", " + Sizes.of(report.bytes()) + ": " + verdict);
            }
        }
        return report.problems().isEmpty() ? 0 : 1;
    }
}

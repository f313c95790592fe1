package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Finding;
import dev.velo.core.verify.Repair;
import dev.velo.core.verify.RepairReport;
import dev.velo.core.verify.Report;
import dev.velo.core.verify.Use;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo verify}: holds the store or one tree against itself, and mends it. */
@Command(
        name = "verify",
        sortOptions = false,
        description =
                "Holds the store, or what one tree needs of it, against itself. Status 1: something is wrong, or is left so by --repair.")
final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "MANIFEST",
            description = "The tree to verify; by default the whole store.")
    private String manifest = "";

    @Option(
            names = "--contents",
            description =
                    "Reads every blob and loose file as well; goes on where it was interrupted less than a day ago.")
    private boolean contents;

    @Option(
            names = "--max-age",
            paramLabel = "AGE",
            description = "Does not read packs again that were found whole since then (30d, 12h); 0s reads everything.")
    private @Nullable String maxAge;

    @Option(
            names = "--repair",
            description = "Mends what it finds: from where the trees were ingested, and by removing what is made anew.")
    private boolean repair;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints what is wrong only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Duration age = maxAge == null ? null : age(maxAge);
        try (Store opened = store.openExisting()) {
            if (repair) {
                opened.requireWritable();
                return tell(Repair.run(opened, () -> verify(opened, age)));
            }
            return tell(new RepairReport(verify(opened, age), List.of(), List.of()));
        }
    }

    private Report verify(Store opened, @Nullable Duration age) throws IOException {
        ProgressLine.Audience audience =
                quiet || json || !contents ? ProgressLine.Audience.NOBODY : ProgressLine.Audience.USER;
        try (VerifyProgress progress = VerifyProgress.start(audience)) {
            VerifyOptions options = VerifyOptions.of(contents ? Depth.CONTENTS : Depth.STRUCTURE)
                    .withMaxAge(age)
                    .withListener(progress);
            if (manifest.isEmpty()) {
                return Verification.ofStore(opened, options);
            }
            byte[] path = ProcessFacts.path(manifest);
            return Verification.ofTree(opened, StoreOptions.rootOf(opened, path), Store.readManifest(path), options);
        }
    }

    private int tell(RepairReport report) throws IOException {
        if (json) {
            Json.print(VerifySummary.fields(report, contents));
        } else {
            report.found().findings().forEach(VerifyCommand::tell);
            report.done().forEach(sentence -> Terminal.err().println("velo: repaired: " + sentence));
            report.left().forEach(sentence -> Terminal.err().println("velo: not repaired: " + sentence));
            if (!quiet) {
                Terminal.out().println(VerifySummary.sentence(report));
            }
        }
        boolean right =
                repair ? report.left().isEmpty() : report.found().findings().isEmpty();
        return right ? 0 : 1;
    }

    private static void tell(Finding finding) {
        Terminal.err().println("velo: " + finding.sentence());
        for (Use use : finding.uses().first()) {
            Terminal.err().println("velo:   " + use);
        }
        long more = finding.uses().count() - finding.uses().first().size();
        if (more > 0) {
            Terminal.err().println("velo:   and " + more + " more");
        }
    }

    private static Duration age(String text) {
        return Durations.of(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--max-age " + Terminal.decoded(text) + " is no time; write it as 7d, 12h, 30m or 0s"));
    }
}

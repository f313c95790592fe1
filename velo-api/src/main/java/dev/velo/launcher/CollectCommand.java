package dev.velo.launcher;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.CollectReport;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.collect.Leftovers;
import dev.velo.core.collect.PackVerdict;
import dev.velo.core.format.Digest;
import dev.velo.core.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo gc}: takes out of the store what no registered tree needs. */
@Command(
        name = "gc",
        sortOptions = false,
        description = {
            "Tells what no registered tree needs, and with --delete takes it out of the store.",
            "Ingests, runs and mounts may go on meanwhile. Nothing that is in use goes."
        })
final class CollectCommand implements Callable<Integer> {
    /** What is missing is told of so many blobs. */
    private static final int TOLD = 5;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--delete", description = "Does it, after asking; without this, nothing is changed.")
    private boolean delete;

    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask.")
    private boolean yes;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "Leaves alone what was made since, as 30m, 2h or 7d.")
    private @Nullable String olderThan;

    @Option(
            names = "--prune-stale",
            description = "Manifests whose files have gone do not protect their trees any more.")
    private boolean pruneStale;

    @Option(
            names = "--derived",
            description = "Takes what can be made again and nobody uses now: images, farms, loose files; no blobs.")
    private boolean derived;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CollectOptions options = options();
        try (Store opened = store.openExisting()) {
            CollectReport report =
                    delete && yes ? GarbageCollection.run(opened, options) : GarbageCollection.plan(opened, options);
            if (delete && !yes && !report.isClean()) {
                tell(report, "would be");
                if (!isAgreed(report)) {
                    Terminal.out().println("nothing was changed");
                    return 1;
                }
                report = GarbageCollection.run(opened, options);
            }
            print(report);
        }
        return 0;
    }

    private CollectOptions options() throws IOException {
        CollectOptions options = CollectOptions.DEFAULT;
        if (olderThan != null) {
            options = options.withMinimumAge(Durations.olderThan(olderThan));
        }
        if (pruneStale) {
            options = options.withStale(CollectOptions.Stale.PRUNED);
        }
        return derived ? options.withScope(CollectOptions.Scope.DERIVED) : options;
    }

    private static boolean isAgreed(CollectReport report) throws IOException {
        if (!Terminal.isAnswered()) {
            throw new IOException("nobody can be asked here whether all this shall go; say --yes if it shall");
        }
        Terminal.out().print("Free " + Sizes.of(report.freedBytes()) + "? [y/N] ");
        Terminal.out().flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    private void print(CollectReport report) throws IOException {
        List<Digest> missing = report.missing();
        if (!missing.isEmpty()) {
            Terminal.err()
                    .println("velo: registered trees need " + missing.size() + " blobs that no pack holds, as "
                            + String.join(
                                    ", ",
                                    missing.stream()
                                            .limit(TOLD)
                                            .map(Digest::toString)
                                            .toList())
                            + "; velo verify tells whose they are");
        }
        if (json) {
            Json.print(fields(report));
        } else if (!quiet) {
            tell(report, delete ? "was" : "would be");
            Terminal.out().println(summary(report));
        }
    }

    private static void tell(CollectReport report, String verb) {
        for (String stale : report.stale()) {
            Terminal.out().println("stale: " + stale + " has gone; --prune-stale forgets it");
        }
        for (PackVerdict pack : report.packs()) {
            String fate = switch (pack.fate()) {
                case KEPT -> "";
                case YOUNG -> "stays, because it is younger than --older-than says";
                case IN_USE -> "stays, because a running command uses it";
                case DAMAGED -> "stays, because it is damaged; velo verify tells more";
                case REWRITTEN -> "what lives " + verb + " copied";
                case REMOVED -> verb + " removed";
            };
            if (!fate.isEmpty()) {
                Terminal.out()
                        .println("pack " + pack.pack().toString().substring(0, 12) + ": " + pack.living() + " of "
                                + pack.blobs() + " blobs live, " + Sizes.of(pack.livingBytes()) + " of "
                                + Sizes.of(pack.bytes()) + "; " + fate);
            }
        }
        for (Leftovers kind : report.leftovers()) {
            String size = kind.bytes() == 0 ? "" : ", " + Sizes.of(kind.bytes());
            Terminal.out().println(kind.kind().text() + ": " + kind.count() + size + "; " + verb + " removed");
        }
    }

    private String summary(CollectReport report) {
        if (report.isClean()) {
            return report.trees() + " registered trees need all there is; nothing to free";
        }
        String freed = Sizes.of(report.freedBytes());
        if (!delete) {
            return report.trees() + " registered trees stay; " + freed + " would be freed: velo gc --delete";
        }
        String rescued =
                report.rescued() == 0 ? "" : "; " + report.rescued() + " blobs stayed for trees that came meanwhile";
        return report.trees() + " registered trees stay; " + freed + " freed" + rescued;
    }

    private Map<String, Object> fields(CollectReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deleted", delete);
        fields.put("trees", report.trees());
        fields.put("stale", new ArrayList<Object>(report.stale()));
        fields.put("freedBytes", report.freedBytes());
        fields.put("missingBlobs", report.missing().size());
        fields.put("rescuedBlobs", report.rescued());
        List<Object> packs = new ArrayList<>();
        for (PackVerdict pack : report.packs()) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("pack", pack.pack().toString());
            each.put("fate", Terminal.lower(pack.fate()));
            each.put("blobs", pack.blobs());
            each.put("living", pack.living());
            each.put("bytes", pack.bytes());
            each.put("livingBytes", pack.livingBytes());
            packs.add(each);
        }
        fields.put("packs", packs);
        fields.put(
                "newPacks",
                new ArrayList<Object>(
                        report.newPacks().stream().map(Digest::toString).toList()));
        Map<String, Object> leftovers = new LinkedHashMap<>();
        report.leftovers().forEach(kind -> leftovers.put(Terminal.lower(kind.kind()), kind.count()));
        fields.put("leftovers", leftovers);
        return fields;
    }
}

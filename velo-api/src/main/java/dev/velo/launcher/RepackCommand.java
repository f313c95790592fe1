package dev.velo.launcher;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.CollectReport;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.collect.PackVerdict;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo repack}: writes small packs together, in the order in which trees are read. */
@Command(
        name = "repack",
        sortOptions = false,
        description = {
            "Joins small packs, as many ingests leave behind: blobs come to stand tree by tree, what recorded runs have read first.",
            "What no registered tree needs is left out. Ingests, runs and mounts may go on meanwhile."
        })
final class RepackCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** Packs, and how long they are together. */
    private record Size(int packs, long bytes) {
        static Size of(Store store) throws IOException {
            try (Packs packs = store.packs()) {
                return new Size(
                        packs.all().size(),
                        packs.all().stream().mapToLong(PackFile::blobBytes).sum());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            Size before = Size.of(opened);
            CollectReport report =
                    GarbageCollection.run(opened, CollectOptions.DEFAULT.withPacking(CollectOptions.Packing.JOINED));
            Size after = Size.of(opened);
            long rewritten = report.packs().stream()
                    .filter(pack -> pack.fate() == PackVerdict.Fate.REWRITTEN)
                    .count();
            if (json) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("packsBefore", before.packs());
                fields.put("bytesBefore", before.bytes());
                fields.put("packsAfter", after.packs());
                fields.put("bytesAfter", after.bytes());
                fields.put("rewritten", rewritten);
                Json.print(fields);
            } else if (!quiet) {
                Terminal.out()
                        .println(
                                rewritten == 0
                                        ? "no packs to join: " + shown(after)
                                        : shown(before) + " became " + shown(after));
            }
        }
        return 0;
    }

    private static String shown(Size size) {
        return size.packs() + (size.packs() == 1 ? " pack" : " packs") + " of " + Sizes.of(size.bytes());
    }
}

package dev.velo.launcher;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.CollectReport;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.collect.PackVerdict;
import dev.velo.core.format.PackIndex;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo repack}: writes small packs together, in the order in which trees are read, or compresses what is seldom used. */
@Command(
        name = "repack",
        sortOptions = false,
        description = {
            "Joins small packs, as many ingests leave behind: blobs come to stand tree by tree, what recorded runs have read first.",
            "What no registered tree needs is left out. Ingests, runs and mounts may go on meanwhile.",
            "With --cold what is stored is compressed, for trees that are kept and seldom used."
        })
final class RepackCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = "--cold",
            description =
                    "Compresses what loses an eighth by it. A tree is decompressed when it is next mounted or preloaded, which needs the room again.")
    private boolean cold;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "Leaves packs alone that were made since, as 30m, 2h or 7d.")
    private @Nullable String olderThan;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** Packs, how long they are together, and how many blobs of them are compressed. */
    private record Size(int packs, long bytes, long compressed) {
        @SuppressWarnings("try") // the lock is only held: packs that are listed are there to be opened
        static Size of(Store store) throws IOException {
            try (Descriptor shared = store.lockShared();
                    Packs packs = store.packs()) {
                return new Size(
                        packs.all().size(),
                        packs.all().stream().mapToLong(PackFile::blobBytes).sum(),
                        packs.all().stream().mapToLong(Size::compressed).sum());
            }
        }

        private static long compressed(PackFile pack) {
            PackIndex index = pack.index();
            return IntStream.range(0, index.count())
                    .filter(entry -> !index.isRaw(entry))
                    .count();
        }

        private String shown() {
            return packs + (packs == 1 ? " pack" : " packs") + " of " + Sizes.of(bytes);
        }
    }

    @Override
    public Integer call() throws IOException {
        CollectOptions options =
                CollectOptions.DEFAULT.withPacking(cold ? CollectOptions.Packing.COLD : CollectOptions.Packing.JOINED);
        if (olderThan != null) {
            options = options.withMinimumAge(Durations.olderThan(olderThan));
        }
        try (Store opened = store.openExisting()) {
            Size before = Size.of(opened);
            CollectReport report = GarbageCollection.run(opened, options);
            Size after = Size.of(opened);
            if (json) {
                Json.print(fields(before, after, report));
            } else if (!quiet) {
                print(before, after, report);
            }
        }
        return 0;
    }

    private static long count(CollectReport report, PackVerdict.Fate fate) {
        return report.packs().stream().filter(pack -> pack.fate() == fate).count();
    }

    private static Map<String, Object> fields(Size before, Size after, CollectReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("packsBefore", before.packs());
        fields.put("bytesBefore", before.bytes());
        fields.put("packsAfter", after.packs());
        fields.put("bytesAfter", after.bytes());
        fields.put("rewritten", count(report, PackVerdict.Fate.REWRITTEN));
        fields.put("inUse", count(report, PackVerdict.Fate.IN_USE));
        fields.put("damaged", count(report, PackVerdict.Fate.DAMAGED));
        fields.put("compressedBlobs", after.compressed());
        return fields;
    }

    private void print(Size before, Size after, CollectReport report) {
        if (count(report, PackVerdict.Fate.REWRITTEN) == 0) {
            Terminal.out().println("no packs to " + (cold ? "compress or join: " : "join: ") + after.shown());
        } else {
            Terminal.out().println(before.shown() + " became " + after.shown());
        }
        long inUse = count(report, PackVerdict.Fate.IN_USE);
        if (inUse > 0) {
            Terminal.out().println("packs that running commands use, and stay as they are: " + inUse);
        }
        long damaged = count(report, PackVerdict.Fate.DAMAGED);
        if (damaged > 0) {
            Terminal.out()
                    .println("packs that are damaged, and stay as they are: " + damaged + "; velo verify tells more");
        }
    }
}

package dev.velo.launcher;

import dev.velo.core.collect.Inventory;
import dev.velo.core.collect.PackUsage;
import dev.velo.core.collect.TreeUsage;
import dev.velo.core.collect.Usage;
import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo status}: what the store holds, which trees need it, and what deduplication saved. */
@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Shows what the store holds, and what of it the registered trees need.",
            "Status 1: a registration is damaged."
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** All that is told. */
    private record Status(
            String store, PackUsage packs, Inventory inventory, List<TreeStatus> trees, DamagedRoots damaged) {
        /** One tree under two names is stored once, which is no merit of deduplication. */
        long treeBytes() {
            Map<Digest, Long> distinct = new HashMap<>();
            for (TreeStatus tree : trees) {
                if (tree.usage() != null) {
                    distinct.put(tree.root().tree(), tree.usage().bytes());
                }
            }
            return distinct.values().stream().mapToLong(Long::longValue).sum();
        }

        long savedBytes() {
            return Math.max(0, treeBytes() - packs.livingBytes());
        }
    }

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            Status status = status(opened);
            if (json) {
                Json.print(fields(status));
            } else {
                print(Terminal.out(), status);
            }
            return status.damaged().tell(json ? DamagedRoots.Told.ALREADY : DamagedRoots.Told.NOT_YET);
        }
    }

    /** As it is at one time: no collection may take packs meanwhile. */
    @SuppressWarnings("try") // the lock is only held
    private static Status status(Store opened) throws IOException {
        try (Descriptor lock = opened.lockShared();
                Packs packs = opened.packs()) {
            Roots roots = new Roots(opened);
            DamagedRoots damaged = new DamagedRoots();
            List<Root> all = damaged.othersOf(roots);
            Set<Digest> registered = new HashSet<>();
            all.forEach(root -> registered.add(root.tree()));
            try (Usage usage = Usage.of(opened, packs, registered)) {
                for (Root root : all) {
                    Manifest manifest = manifest(roots, root);
                    if (manifest != null) {
                        usage.add(root.tree(), manifest);
                    }
                }
                Map<Digest, TreeUsage> used = new HashMap<>();
                usage.trees().forEach(tree -> used.put(tree.tree(), tree));
                List<TreeStatus> trees = new ArrayList<>();
                for (Root root : all) {
                    trees.add(TreeStatus.of(roots, root, used.get(root.tree())));
                }
                return new Status(
                        StoreOptions.shown(opened.path()),
                        usage.packs(),
                        Inventory.of(opened, registered),
                        trees,
                        damaged);
            }
        }
    }

    /** Null where it is damaged, or gone; what else is there is told all the same. */
    private static @Nullable Manifest manifest(Roots roots, Root root) throws IOException {
        try {
            return roots.manifest(root);
        } catch (FormatException e) {
            return null;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.EACCES) {
                return null;
            }
            throw e;
        }
    }

    private static void print(PrintWriter out, Status status) {
        PackUsage packs = status.packs();
        Inventory inventory = status.inventory();
        out.println("store " + status.store());
        String compressed = packs.compressedBlobs() == 0 ? "" : ", " + packs.compressedBlobs() + " of them compressed";
        out.println(packs.blobs() + " blobs, " + Sizes.of(packs.blobBytes()) + compressed + ", in " + packs.packs()
                + " packs of " + Sizes.of(packs.bytes()) + "; " + Sizes.of(packs.deadBytes()) + " of "
                + packs.deadBlobs()
                + " blobs are needed by no registered tree");
        out.println(inventory.images() + " images, " + inventory.farms() + " farms, " + inventory.looseFiles()
                + " loose files");
        out.println(status.trees().size() + " trees of " + Sizes.of(status.treeBytes()) + "; deduplication saves "
                + Sizes.of(status.savedBytes()));
        if (!status.trees().isEmpty()) {
            TextTable table = TreeStatus.table();
            Instant now = Instant.now();
            status.trees().forEach(tree -> tree.addTo(table, now));
            out.println();
            table.print(out);
        }
    }

    private static Map<String, Object> fields(Status status) {
        PackUsage packs = status.packs();
        Inventory inventory = status.inventory();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("store", status.store());
        fields.put("packs", packs.packs());
        fields.put("packBytes", packs.bytes());
        fields.put("blobs", packs.blobs());
        fields.put("blobBytes", packs.blobBytes());
        fields.put("compressedBlobs", packs.compressedBlobs());
        fields.put("deadBlobs", packs.deadBlobs());
        fields.put("deadBytes", packs.deadBytes());
        fields.put("treeBytes", status.treeBytes());
        fields.put("savedBytes", status.savedBytes());
        fields.put("images", inventory.images());
        fields.put("farms", inventory.farms());
        fields.put("looseFiles", inventory.looseFiles());
        fields.put("trees", status.trees().stream().map(TreeStatus::fields).toList());
        fields.put("damaged", status.damaged().sentences());
        return fields;
    }
}

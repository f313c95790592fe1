package dev.velo.launcher;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo status}: what the store holds and what deduplication saved. */
@Command(name = "status", sortOptions = false, description = "Shows what the store holds.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** A registered tree. */
    private record TreeStatus(String manifest, String origin, String digest, long files, long bytes) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("manifest", manifest);
            fields.put("origin", origin);
            fields.put("tree", digest);
            fields.put("files", files);
            fields.put("bytes", bytes);
            return fields;
        }
    }

    /** All packs together. */
    private record PackStatus(int packs, long packBytes, long blobs, long blobBytes) {}

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting();
                Packs packs = opened.packs()) {
            List<TreeStatus> trees = new ArrayList<>();
            Roots roots = new Roots(opened);
            for (Root root : roots.all()) {
                trees.add(tree(root, roots.manifest(root.tree())));
            }
            // one tree under two names is stored once, which is no merit of deduplication
            Map<String, Long> distinct = new LinkedHashMap<>();
            trees.forEach(tree -> distinct.put(tree.digest(), tree.bytes()));
            long treeBytes =
                    distinct.values().stream().mapToLong(Long::longValue).sum();
            PackStatus held = held(packs);
            long saved = Math.max(0, treeBytes - held.blobBytes());
            String shown = StoreOptions.shown(opened.path());
            if (json) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("store", shown);
                fields.put("packs", held.packs());
                fields.put("packBytes", held.packBytes());
                fields.put("blobs", held.blobs());
                fields.put("blobBytes", held.blobBytes());
                fields.put("treeBytes", treeBytes);
                fields.put("savedBytes", saved);
                fields.put("trees", trees.stream().map(TreeStatus::fields).toList());
                Json.print(fields);
                return 0;
            }
            Terminal.out().println("store " + shown);
            Terminal.out()
                    .println(held.blobs() + " blobs, " + Sizes.of(held.blobBytes()) + ", in " + held.packs()
                            + " packs of " + Sizes.of(held.packBytes()));
            Terminal.out()
                    .println(trees.size() + " trees of " + Sizes.of(treeBytes) + "; deduplication saves "
                            + Sizes.of(saved));
            for (TreeStatus tree : trees) {
                Terminal.out()
                        .println("  " + tree.manifest() + ": " + tree.files() + " files, " + Sizes.of(tree.bytes())
                                + ", from " + tree.origin());
            }
        }
        return 0;
    }

    private static PackStatus held(Packs packs) {
        long packBytes = 0;
        long blobs = 0;
        long blobBytes = 0;
        for (PackFile pack : packs.all()) {
            packBytes += pack.blobBytes();
            blobs += pack.index().count();
            for (int entry = 0; entry < pack.index().count(); entry++) {
                blobBytes += pack.index().length(entry);
            }
        }
        return new PackStatus(packs.all().size(), packBytes, blobs, blobBytes);
    }

    private static TreeStatus tree(Root root, Manifest manifest) {
        long files = 0;
        long bytes = 0;
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE) {
                files++;
                bytes += manifest.size(entry);
            }
        }
        return new TreeStatus(
                StoreOptions.shown(root.manifestPath()),
                StoreOptions.shown(root.origin()),
                root.tree().toString(),
                files,
                bytes);
    }
}

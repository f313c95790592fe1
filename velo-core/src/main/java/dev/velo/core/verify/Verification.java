package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.Reason;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Settling;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds a store, or what one tree needs of it, against itself. Collects what is wrong instead of stopping at it. Takes the store's
 * lock for as long as it looks at the structure; contents are read from packs that it has open.
 */
public final class Verification {
    private final Store store;
    private final VerifyOptions options;
    private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    private final Set<Digest> missing = new HashSet<>();
    private long blobs;
    private long bytes;
    private long looseFiles;
    private int trees;
    private int skipped;

    private Verification(Store store, VerifyOptions options) {
        this.store = store;
        this.options = options;
    }

    /** Verifies a whole store. */
    public static Report ofStore(Store store, VerifyOptions options) throws IOException {
        return new Verification(store, options).ofStore();
    }

    /** Verifies, with contents, what was written without waiting for the disk; tells nothing of other files. */
    static Report ofUnsettled(Store store) throws IOException {
        return new Verification(store, VerifyOptions.of(Depth.CONTENTS)).ofUnsettledFiles();
    }

    /**
     * Verifies what one tree needs: that packs have its blobs, and with contents that they are right.
     *
     * @param root the tree's root, registered or not
     */
    public static Report ofTree(Store store, Root root, Manifest manifest, VerifyOptions options) throws IOException {
        return new Verification(store, options).ofTree(root, manifest);
    }

    @SuppressWarnings("try") // the lock is only held
    private Report ofStore() throws IOException {
        Registry registry;
        OpenPacks opened;
        try (Descriptor shared = store.lockShared()) {
            registry = Registry.read(store, findings::add);
            opened = OpenPacks.open(store, findings::add);
        }
        try (OpenPacks packs = opened) {
            trees = registry.trees();
            registry.forEachTree((roots, manifest) ->
                    requireBlobs(PathBytes.show(roots.getFirst().manifestPath()), manifest, packs, new HashMap<>()));
            Images.check(
                    store,
                    (name, e) -> findings.add(new Finding(
                            Finding.Kind.IMAGE,
                            new Finding.Place(Store.Room.IMAGES, name),
                            e.offset(),
                            Tolerance.message(e) + "; remove it, it is made anew",
                            null,
                            Uses.NONE)));
            if (options.depth() == Depth.CONTENTS) {
                packContents(packs);
                loose(registry);
            } else {
                packs.all().forEach(pack -> blobs += pack.index().count());
            }
            return report(packs, BlobUses.of(registry, touched()));
        }
    }

    @SuppressWarnings("try") // the lock is only held
    private Report ofUnsettledFiles() throws IOException {
        Set<String> unsettled = new HashSet<>();
        Registry registry;
        OpenPacks opened;
        try (Descriptor shared = store.lockShared()) {
            Settling.unsettledPacks(store).forEach(name -> unsettled.add(PathBytes.show(name)));
            Settling.unsettledRoots(store).forEach(name -> unsettled.add(PathBytes.show(name)));
            registry = Registry.read(store, findings::add);
            opened = OpenPacks.open(store, findings::add);
        }
        try (OpenPacks packs = opened) {
            List<PackReading> readings = packs.all().stream()
                    .filter(pack -> unsettled.contains(pack.id() + PackFile.SUFFIX))
                    .map(pack -> new PackReading(pack, PackReading.all(pack), null))
                    .toList();
            contents(readings, VerifiedPacks.read(store));
            findings.removeIf(finding -> finding.place() == null
                    || !unsettled.contains(PathBytes.show(finding.place().name())));
            return report(packs, BlobUses.of(registry, touched()));
        }
    }

    @SuppressWarnings("try") // the lock is only held
    private Report ofTree(Root root, Manifest manifest) throws IOException {
        Registry registry;
        OpenPacks opened;
        try (Descriptor shared = store.lockShared()) {
            registry = Registry.read(store, finding -> {});
            opened = OpenPacks.open(store, findings::add);
        }
        try (OpenPacks packs = opened) {
            trees = 1;
            Map<PackFile, List<Integer>> needed = new LinkedHashMap<>();
            requireBlobs(manifest.file(), manifest, packs, needed);
            if (options.depth() == Depth.CONTENTS) {
                List<PackReading> readings = new ArrayList<>();
                needed.forEach((pack, entries) -> readings.add(new PackReading(
                        pack, entries.stream().mapToInt(Integer::intValue).toArray(), null)));
                contents(readings, VerifiedPacks.read(store));
            } else {
                needed.values().forEach(entries -> blobs += entries.size());
            }
            boolean registered = registry.rootsOf(root.tree()).stream()
                    .anyMatch(known -> Arrays.equals(known.manifestPath(), root.manifestPath()));
            return report(
                    packs,
                    registered ? BlobUses.of(registry, touched()) : BlobUses.of(registry, touched(), root, manifest));
        }
    }

    /** Notes blobs of a tree that no pack has, or whose lengths differ; collects where the others are. */
    private void requireBlobs(String shown, Manifest manifest, OpenPacks packs, Map<PackFile, List<Integer>> places) {
        long[] sizes = sizes(manifest);
        for (int blob = 0; blob < manifest.blobCount(); blob++) {
            Digest digest = manifest.digest(blob);
            Packs.Location location = packs.find(digest);
            if (location == null) {
                if (missing.add(digest)) {
                    String sentence = Reason.MISSING.sentence() + ": blob " + digest;
                    findings.add(new Finding(Finding.Kind.MISSING, null, 0, sentence, digest, Uses.NONE));
                }
            } else {
                places.computeIfAbsent(location.pack(), pack -> new ArrayList<>())
                        .add(location.entry());
                if (location.length() != sizes[blob]) {
                    FormatException told = new FormatException(
                            location.pack().file(),
                            location.offset(),
                            Reason.INCONSISTENT,
                            "length of blob " + digest + " of " + shown);
                    findings.add(new Finding(
                            Finding.Kind.TREE, null, location.offset(), Tolerance.message(told), digest, Uses.NONE));
                }
            }
        }
    }

    private static long[] sizes(Manifest manifest) {
        long[] sizes = new long[manifest.blobCount()];
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) == EntryKind.FILE && manifest.blob(entry) >= 0) {
                sizes[manifest.blob(entry)] = manifest.size(entry);
            }
        }
        return sizes;
    }

    private void packContents(OpenPacks packs) throws IOException {
        VerifiedPacks verified = VerifiedPacks.read(store);
        Instant since = verified.begin(options.maxAge(), packs.all());
        List<PackReading> readings = new ArrayList<>();
        for (PackFile pack : packs.all()) {
            FileIdentity before = VerifiedPacks.identity(pack);
            if (verified.isWhole(pack, since)) {
                skipped++;
            } else {
                readings.add(new PackReading(pack, PackReading.all(pack), before));
            }
        }
        contents(readings, verified);
        verified.finish();
    }

    private void contents(List<PackReading> readings, VerifiedPacks verified) throws IOException {
        ContentsCheck check = new ContentsCheck(options.listener(), verified, findings::add);
        check.run(readings, options.threads());
        blobs += check.blobs();
        bytes += check.bytes();
    }

    private void loose(Registry registry) throws IOException {
        LooseCheck check = new LooseCheck(store, options.listener(), findings::add);
        check.run(Store.Room.OBJECTS, options.threads());
        Set<Digest> changed = new HashSet<>();
        for (Finding finding : findings) {
            if (finding.kind() == Finding.Kind.LOOSE && finding.digest() != null) {
                changed.add(finding.digest());
            }
        }
        check.run(Store.Room.HANDED, options.threads());
        looseFiles = check.files();
        bytes += check.bytes();
        if (!changed.isEmpty() && store.has(Store.Room.FARMS)) {
            farms(registry, changed);
        }
    }

    /** A farm has the inodes of loose files: what somebody has changed there has changed in it. */
    private void farms(Registry registry, Set<Digest> changed) throws IOException {
        Set<String> suspects = new HashSet<>();
        registry.forEachTree((roots, manifest) -> {
            for (int blob = 0; blob < manifest.blobCount(); blob++) {
                if (changed.contains(manifest.digest(blob))) {
                    suspects.add(roots.getFirst().tree().toString());
                    return;
                }
            }
        });
        for (byte[] name : DirectoryListing.names(store.fd(Store.Room.FARMS))) {
            String file = PathBytes.show(name);
            boolean farm = !file.endsWith(".lock") && !file.endsWith(".new");
            if (farm && suspects.contains(file.split("-", 2)[0])) {
                String shown = PathBytes.show(PathBytes.join(store.path(Store.Room.FARMS), name));
                findings.add(new Finding(
                        Finding.Kind.FARM,
                        new Finding.Place(Store.Room.FARMS, name),
                        0,
                        shown
                                + ": its tree has a file that somebody has changed in objects/; remove it, it is made anew",
                        null,
                        Uses.NONE));
            }
        }
    }

    /** The blobs of which something is wrong. */
    private Set<Digest> touched() {
        Set<Digest> digests = new HashSet<>();
        for (Finding finding : findings) {
            if (finding.digest() != null && finding.kind() != Finding.Kind.MANIFEST) {
                digests.add(finding.digest());
            }
        }
        return digests;
    }

    private Report report(OpenPacks packs, Map<Digest, Uses> uses) {
        List<Finding> told = new ArrayList<>();
        for (Finding finding : findings) {
            told.add(
                    finding.digest() == null
                            ? finding
                            : finding.withUses(uses.getOrDefault(finding.digest(), Uses.NONE)));
        }
        told.sort(Comparator.comparing(Finding::told));
        return new Report(options.depth(), packs.all().size(), trees, blobs, looseFiles, bytes, skipped, told);
    }
}

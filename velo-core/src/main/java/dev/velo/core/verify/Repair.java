package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Mends what a verification finds: packs are written anew, with the blobs that are right and those that can be had elsewhere; what is
 * derived is removed, to be made anew. Nothing is changed in place, and damaged truth goes to the quarantine. Killed at any instant,
 * the store has each file as before or as after.
 */
public final class Repair {
    private final List<String> done = new ArrayList<>();
    private final List<String> left = new ArrayList<>();

    private Repair() {}

    /** A verification. */
    @FunctionalInterface
    public interface Check {
        Report run() throws IOException;
    }

    /** Verifies and repairs, while nobody else collects, packs or repairs the store. */
    @SuppressWarnings("try") // the lock is only held
    public static RepairReport run(Store store, Check check) throws IOException {
        try (Descriptor collecting = store.lockCollection()) {
            Report found = check.run();
            Repair repair = new Repair();
            if (!found.findings().isEmpty()) {
                repair.mend(store, found);
            }
            return new RepairReport(found, repair.done, repair.left);
        }
    }

    private void mend(Store store, Report found) throws IOException {
        Registry registry = Registry.read(store, finding -> {});
        PackRepair packs = new PackRepair(store, registry, done, left);
        Map<String, byte[]> damaged = new LinkedHashMap<>();
        List<Digest> missing = new ArrayList<>();
        for (Finding finding : found.findings()) {
            Finding.Place place = finding.place();
            if (place != null && place.room() == Store.Room.PACKS) {
                damaged.put(PathBytes.show(place.name()), place.name());
            }
            if (finding.kind() == Finding.Kind.MISSING && finding.digest() != null) {
                missing.add(finding.digest());
            }
        }
        packs.run(new ArrayList<>(damaged.values()), missing);
        FileRepair files = new FileRepair(store, registry, done, left);
        for (Finding finding : found.findings()) {
            files.mend(finding);
        }
    }
}

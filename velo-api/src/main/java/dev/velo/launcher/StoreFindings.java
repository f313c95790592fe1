package dev.velo.launcher;

import dev.velo.core.collect.Inventory;
import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.RootState;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the doctor finds of what stands in a store: nothing of it is wrong, but somebody may want to tidy up. */
final class StoreFindings {
    /** Clocks of machines that share a file system are never quite the same. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private StoreFindings() {}

    static List<Finding> of(Store store) throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(clock(store));
        findings.add(packs(store));
        List<Root> roots = new Roots(store)
                .readable(damage -> findings.add(Finding.no(
                        "roots",
                        String.valueOf(damage.getMessage()),
                        "velo verify --repair puts it aside; ingest the tree again if it is needed")));
        findings.add(roots(roots));
        Set<Digest> registered = new HashSet<>();
        roots.forEach(root -> registered.add(root.tree()));
        Inventory inventory = Inventory.of(store, registered);
        findings.add(leftovers(inventory));
        findings.add(derived(inventory));
        return findings;
    }

    private static Finding clock(Store store) throws ErrnoException {
        Instant limit = Instant.now().plus(TOLERANCE);
        int count = 0;
        String first = "";
        Statx stat = new Statx();
        for (Store.Room room : List.of(Store.Room.ROOTS, Store.Room.PACKS)) {
            for (byte[] name : DirectoryListing.names(store.fd(room))) {
                try {
                    FileCalls.statx(store.fd(room), name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
                } catch (ErrnoException e) {
                    continue; // removed meanwhile
                }
                if (Instant.ofEpochSecond(stat.modificationSeconds()).isAfter(limit)) {
                    first = count == 0 ? PathBytes.show(PathBytes.join(store.path(room), name)) : first;
                    count++;
                }
            }
        }
        return count == 0
                ? Finding.ok("clock", "nothing in the store is from the future")
                : Finding.warn(
                        "clock",
                        count + " roots and packs are from the future, such as " + first,
                        "set this machine's clock, or if that is right, touch them");
    }

    private static Finding packs(Store store) throws IOException {
        try (Packs packs = store.packs()) {
            return Finding.ok("packs", packs.all().size() + " packs can be opened");
        } catch (FormatException e) {
            return Finding.no("packs", String.valueOf(e.getMessage()), "");
        }
    }

    private static Finding roots(List<Root> roots) throws IOException {
        int count = 0;
        String first = "";
        for (Root root : roots) {
            RootState state = RootState.of(root);
            if (state == RootState.STALE || state == RootState.CHANGED) {
                first = count == 0 ? StoreOptions.shown(root.manifestPath()) + " (" + state.text() + ")" : first;
                count++;
            }
        }
        String all = roots.size() + " manifests are registered";
        return count == 0
                ? Finding.ok("roots", all)
                : Finding.warn(
                        "roots",
                        all + ", and of " + count + " the file is gone or another, such as " + first,
                        "velo root list names them, velo root restore writes them again, velo root remove lets a collection take their trees");
    }

    private static Finding leftovers(Inventory inventory) {
        if (inventory.temporaries() + inventory.trash() == 0) {
            return Finding.ok("leftovers", "no temporary files and no trash");
        }
        return Finding.warn(
                "leftovers",
                inventory.temporaries() + " temporary files of processes that have ended, " + inventory.trash()
                        + " names in the trash",
                "velo gc takes the former, the next velo ingest the latter");
    }

    private static Finding derived(Inventory inventory) {
        String all = inventory.images() + " images, " + inventory.farms() + " farms, " + inventory.looseFiles()
                + " loose files";
        if (inventory.needlessImages() + inventory.needlessFarms() == 0) {
            return Finding.ok("derived", all);
        }
        return Finding.warn(
                "derived",
                all + "; of trees that are not registered: " + inventory.needlessImages() + " images, "
                        + inventory.needlessFarms() + " farms",
                "velo gc takes them, velo root add keeps their trees");
    }
}

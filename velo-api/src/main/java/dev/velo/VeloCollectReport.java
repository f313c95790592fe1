package dev.velo;

import dev.velo.core.collect.CollectReport;
import dev.velo.core.format.Digest;
import java.util.List;

/**
 * What a collection found and did, or would do.
 *
 * {@snippet :
 * VeloCollectReport report = store.collect(VeloCollectOptions.DEFAULT);
 * System.out.println(report.freedBytes() + " bytes are free");
 * }
 *
 * @param trees how many trees are registered
 * @param staleManifests registered manifests whose files have gone: their absolute paths, as text
 * @param packs how many packs go, or are written anew without what is dead in them
 * @param leftovers how much else goes: images, farms, loose files and the like
 * @param freedBytes how many bytes of the file system that frees, about
 * @param missing digests of contents, in hexadecimal, that registered trees need and the store lacks
 */
public record VeloCollectReport(
        int trees, List<String> staleManifests, long packs, long leftovers, long freedBytes, List<String> missing) {
    /** Copies the lists. */
    public VeloCollectReport {
        staleManifests = List.copyOf(staleManifests);
        missing = List.copyOf(missing);
    }

    static VeloCollectReport of(CollectReport report) {
        return new VeloCollectReport(
                report.trees(),
                report.stale(),
                report.packs().stream().filter(pack -> !pack.fate().stays()).count(),
                report.leftovers().stream().mapToLong(kind -> kind.count()).sum(),
                report.freedBytes(),
                report.missing().stream().map(Digest::toString).toList());
    }

    /**
     * Whether there was nothing to take.
     *
     * @return true if nothing goes
     */
    public boolean isClean() {
        return packs == 0 && leftovers == 0;
    }
}

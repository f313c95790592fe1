package dev.velo.core.ingest;

import dev.velo.core.format.ManifestBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What of an entry's times and owner goes into its manifest. */
final class StoredMetadata {
    /** What the kernel says of every symbolic link. */
    static final int LINK_PERMISSIONS = 0777;

    private final ManifestBuilder builder;
    private final boolean keepsOwner;

    /** The modification time of all entries, or null where each has its own. */
    private final @Nullable Instant fixedTime;

    StoredMetadata(ManifestBuilder builder, IngestOptions options) {
        this.builder = builder;
        this.keepsOwner = options.owner() == OwnerPolicy.KEEP;
        this.fixedTime = options.mtime() instanceof MtimePolicy.Fixed fixed ? fixed.time() : null;
    }

    /** Completes the entry begun last. */
    void add(long seconds, int nanos, int uid, int gid) {
        if (fixedTime == null) {
            builder.mtime(seconds, nanos);
        } else {
            builder.mtime(fixedTime.getEpochSecond(), fixedTime.getNano());
        }
        if (keepsOwner) {
            builder.owner(uid, gid);
        }
    }
}

package dev.velo.core.collect;

/**
 * Things of one kind that a collection takes, besides packs.
 *
 * @param count how many
 * @param bytes of the file system that this frees, about
 */
public record Leftovers(Kind kind, long count, long bytes) {
    /** What they are. */
    public enum Kind {
        /** Registrations of manifests whose files have gone. */
        STALE_ROOTS("stale roots"),
        /** The store's copies of manifests that are not registered any more, and their profiles. */
        MANIFESTS("copies of manifests"),
        /** Images of trees, as the kernel mounts them. */
        IMAGES("images"),
        /** Places at which images were mounted. */
        ANCHORS("anchors"),
        /** Trees of hard links. */
        FARMS("farms"),
        /** Files that farms, checkouts and the shim link to, and none does any more. */
        LOOSE_FILES("loose files"),
        /** What is known of unchanged files of ingested directories. */
        STAT_CACHES("stat caches"),
        /** What processes left behind that were killed. */
        TEMPORARIES("temporary files");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** In words, plural. */
        public String text() {
            return text;
        }
    }
}

package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import java.util.List;

/**
 * What is said of an entry besides its name and contents.
 *
 * @param permissions the low 12 bits of {@code st_mode}
 * @param mtimeNanos 0 to 999,999,999
 * @param attributes of files and directories; those of others are not stored
 */
public record EntryMetadata(
        int permissions, long mtimeSeconds, int mtimeNanos, int uid, int gid, List<AttributeSet.Attribute> attributes) {

    public EntryMetadata {
        attributes = List.copyOf(attributes);
    }

    EntryMetadata with(List<AttributeSet.Attribute> changed) {
        return new EntryMetadata(permissions, mtimeSeconds, mtimeNanos, uid, gid, changed);
    }

    /** Of root, from the beginning of time, so that it is the same wherever it is made. */
    public static EntryMetadata timeless(int permissions) {
        return new EntryMetadata(permissions, 0, 0, 0, 0, List.of());
    }
}

package dev.velo.launcher;

import dev.velo.core.collect.TreeUsage;
import dev.velo.core.store.Root;
import dev.velo.core.store.RootState;
import dev.velo.core.store.Roots;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code velo status} says of a registered manifest.
 *
 * @param usage null if the manifest cannot be read
 * @param state what became of the file, or {@code damaged}
 * @param registered null if nobody knows when that was
 * @param used null if it was not shown since
 */
record TreeStatus(
        Root root,
        @Nullable TreeUsage usage,
        String state,
        @Nullable Instant registered,
        @Nullable Instant used) {
    private static final String DAMAGED = "damaged";
    private static final String UNKNOWN = "-";

    static TreeStatus of(Roots roots, Root root, @Nullable TreeUsage usage) throws IOException {
        String state = usage == null ? DAMAGED : RootState.of(root).text();
        return new TreeStatus(root, usage, state, roots.registered(root), roots.lastUse(root));
    }

    static TextTable table() {
        return new TextTable(
                TextTable.right("files"),
                TextTable.right("bytes"),
                TextTable.right("own"),
                TextTable.right("shared"),
                TextTable.right("age"),
                TextTable.right("used"),
                TextTable.left("state"),
                TextTable.left("manifest"));
    }

    void addTo(TextTable table, Instant now) {
        table.add(
                usage == null ? UNKNOWN : Long.toString(usage.files()),
                usage == null ? UNKNOWN : Sizes.of(usage.bytes()),
                usage == null ? UNKNOWN : Sizes.of(usage.ownBytes()),
                usage == null ? UNKNOWN : Sizes.of(usage.sharedBytes()),
                Ago.of(registered, now),
                Ago.of(used, now),
                state,
                StoreOptions.shown(root.manifestPath()));
    }

    /** Without what is not known. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("manifest", StoreOptions.shown(root.manifestPath()));
        fields.put("origin", StoreOptions.shown(root.origin()));
        fields.put("tree", root.tree().toString());
        if (usage != null) {
            fields.put("files", usage.files());
            fields.put("bytes", usage.bytes());
            fields.put("ownBytes", usage.ownBytes());
            fields.put("sharedBytes", usage.sharedBytes());
            fields.put("missingBlobs", usage.missing());
        }
        if (registered != null) {
            fields.put("registered", registered.toString());
        }
        if (used != null) {
            fields.put("used", used.toString());
        }
        fields.put("state", state);
        return fields;
    }
}

package dev.velo.launcher;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo stat}: what a manifest says of one entry. */
@Command(name = "stat", sortOptions = false, description = "Shows what a tree says of a path.")
final class StatCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // every command takes --store
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "MANIFEST", description = "The manifest.")
    private String manifest = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "A path in the tree; its root by default.")
    private String path = "";

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", path.isEmpty() ? "." : Terminal.decoded(path));
        fields.putAll(fields(TreeEntry.find(manifest, path)));
        if (json) {
            Json.print(fields);
        } else {
            fields.forEach((name, value) -> Terminal.out().println(name + ": " + value));
        }
        return 0;
    }

    /** What there is to say of an entry besides its path. */
    static Map<String, Object> fields(TreeEntry found) {
        Manifest tree = found.manifest();
        int inode = found.inode();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", tree.kind(inode).name().toLowerCase(Locale.ROOT).replace('_', ' '));
        fields.put("mode", found.mode(found.number()));
        fields.put(
                "modified",
                Instant.ofEpochSecond(tree.mtimeSeconds(inode), tree.mtimeNanos(inode))
                        .toString());
        if (tree.hasOwner(inode)) {
            fields.put(
                    "owner",
                    Integer.toUnsignedString(tree.uid(inode)) + ":" + Integer.toUnsignedString(tree.gid(inode)));
        }
        switch (tree.kind(inode)) {
            case FILE -> {
                fields.put("size", tree.size(inode));
                fields.put(
                        "digest",
                        tree.blob(inode) < 0
                                ? "none, empty"
                                : tree.digest(tree.blob(inode)).toString());
            }
            case DIRECTORY -> fields.put("entries", tree.childCount(inode));
            case SYMLINK -> fields.put("target", new String(tree.target(inode), StandardCharsets.UTF_8));
            case CHARACTER_DEVICE, BLOCK_DEVICE ->
                fields.put("device", (tree.device(inode) >>> 32) + ":" + (int) tree.device(inode));
            case FIFO, HARD_LINK -> {}
        }
        if (tree.kind(found.number()) == EntryKind.HARD_LINK) {
            fields.put("same as", tree.describe(inode, tree.parents()));
        }
        List<Object> attributes = new ArrayList<>();
        for (AttributeSet.Attribute attribute : tree.attributes(inode)) {
            attributes.add(new String(attribute.name(), StandardCharsets.UTF_8));
        }
        if (!attributes.isEmpty()) {
            fields.put("attributes", attributes);
        }
        return fields;
    }
}

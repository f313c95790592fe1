package dev.velo.nio;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** The tree of a view as a file store: read-only, named by its digest, without space of its own. */
final class VeloFileStore extends FileStore {
    private final String tree;

    VeloFileStore(String tree) {
        this.tree = tree;
    }

    @Override
    public String name() {
        return tree;
    }

    @Override
    public String type() {
        return "velo";
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public long getTotalSpace() {
        return 0;
    }

    @Override
    public long getUsableSpace() {
        return 0;
    }

    @Override
    public long getUnallocatedSpace() {
        return 0;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
        return AttributeNames.isView(type);
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
        return AttributeNames.views().contains(name);
    }

    @Override
    public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(String attribute) {
        return switch (attribute) {
            case "totalSpace", "usableSpace", "unallocatedSpace" -> 0L;
            default -> throw new UnsupportedOperationException("'" + attribute + "' not recognized");
        };
    }

    @Override
    public String toString() {
        return tree + " (velo)";
    }
}

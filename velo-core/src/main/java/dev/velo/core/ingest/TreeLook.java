package dev.velo.core.ingest;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.Arrays;

/**
 * Whether a directory still looks like the tree that was checked out there: names, types, sizes, link targets, times and, but for the
 * permission to write, modes. No file is read, so what was changed to the same size with its old time set again is not seen.
 */
public final class TreeLook {
    private static final int WRITE_BITS = 0222;
    private static final int PERMISSIONS = 0777;

    private final Manifest manifest;
    private final ScannedTree tree;

    private TreeLook(Manifest manifest, ScannedTree tree) {
        this.manifest = manifest;
        this.tree = tree;
    }

    /** Looks at the directory at this absolute path. */
    public static boolean isLike(Manifest manifest, byte[] path) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor root = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            ScannedTree tree = TreeScanner.scan(
                    path,
                    root.fd(),
                    new ScanPurpose.Layer(),
                    IngestOptions.defaults(),
                    new Warnings(),
                    new IngestListener() {});
            return new TreeLook(manifest, tree).isLike();
        }
    }

    /** Both are numbered breadth-first, with the names of a directory in unsigned byte order. */
    private boolean isLike() {
        if (tree.entryCount() != manifest.entryCount()) {
            return false;
        }
        int number = 0;
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) != EntryKind.DIRECTORY) {
                continue;
            }
            ScannedDirectory directory = tree.directories.get(number++);
            if (directory.count != manifest.childCount(entry)) {
                return false;
            }
            for (int index = 0; index < directory.count; index++) {
                if (!isLike(directory, index, manifest.firstChild(entry) + index)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isLike(ScannedDirectory directory, int index, int entry) {
        int file = manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
        EntryKind kind = manifest.kind(file);
        if (!Arrays.equals(directory.name(index), manifest.name(entry)) || directory.type(index) != kind.typeBits()) {
            return false;
        }
        if (kind == EntryKind.SYMLINK) {
            return Arrays.equals(directory.target(index), manifest.target(file));
        }
        int mode = directory.modes[index] & PERMISSIONS & ~WRITE_BITS;
        if (mode != (manifest.permissions(file) & PERMISSIONS & ~WRITE_BITS)) {
            return false;
        }
        return kind != EntryKind.FILE
                || (directory.sizes[index] == manifest.size(file)
                        && directory.modifiedSeconds[index] == manifest.mtimeSeconds(file)
                        && directory.modifiedNanos[index] == manifest.mtimeNanos(file));
    }
}

package dev.velo.core.ingest;

import dev.velo.core.format.Digest;
import dev.velo.core.store.StatCache;
import dev.velo.core.tree.DirectoryChain;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.Statx;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes over a scanned tree in order and decides of each file whether it must be read: it need not be if it is a further name of
 * another entry, or if the stat cache knows it.
 */
final class Survey {
    private record Inode(long device, long number) {
        // by hand: what the compiler makes for records is put together at run time, and slow until it is compiled
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Inode inode && device == inode.device && number == inode.number;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(device * 31 + number);
        }
    }

    private final ScannedTree tree;
    private final StatCache cache;
    private final FileFacts facts;
    private final ReadList list = new ReadList();
    private final Map<Inode, Integer> linked = new HashMap<>();
    private long files;
    private long bytes;

    Survey(ScannedTree tree, StatCache cache, FileFacts facts) {
        this.tree = tree;
        this.cache = cache;
        this.facts = facts;
    }

    /** The files that must be read. */
    ReadList run(int rootFd) throws ErrnoException {
        try (DirectoryChain chain = new DirectoryChain(tree, 0, rootFd)) {
            for (int number = 0; number < tree.directories.size(); number++) {
                ScannedDirectory directory = tree.directories.get(number);
                if (directory.attributes.length > 0) {
                    facts.setAttributes(entryOf(number, directory), directory.attributes);
                }
                for (int index = 0; index < directory.count; index++) {
                    look(chain, number, directory, index);
                }
            }
        }
        return list;
    }

    private int entryOf(int number, ScannedDirectory directory) {
        return number == 0 ? 0 : tree.directories.get(directory.parent).firstEntry + directory.indexInParent;
    }

    private void look(DirectoryChain chain, int number, ScannedDirectory directory, int index) throws ErrnoException {
        int type = directory.type(index);
        int entry = directory.firstEntry + index;
        if (directory.linkCounts[index] > 1 && type != Statx.S_IFDIR) {
            Integer primary = linked.putIfAbsent(new Inode(directory.device, directory.inodes[index]), entry);
            if (primary != null) {
                facts.setPrimary(entry, primary);
                return;
            }
        }
        if (type != Statx.S_IFREG) {
            return;
        }
        files++;
        bytes += directory.sizes[index];
        int slot = directory.linkCounts[index] == ScannedDirectory.FOREIGN ? -1 : slotOf(directory, index);
        if (slot < 0) {
            list.add(number, index, directory.sizes[index]);
            return;
        }
        Digest digest = cache.digest(slot);
        if (digest != null) {
            facts.setDigest(entry, digest);
        }
        if (cache.hasAttributes(slot)) {
            facts.setAttributes(entry, Attributes.readAt(chain.open(number), directory.name(index)));
        }
    }

    private int slotOf(ScannedDirectory directory, int index) {
        return cache.find(
                directory.device,
                directory.inodes[index],
                directory.sizes[index],
                directory.modified(index),
                directory.changed[index]);
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }
}

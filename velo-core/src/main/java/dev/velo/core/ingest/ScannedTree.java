package dev.velo.core.ingest;

import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.TreeShape;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A whole tree as the scan found it: directories in breadth-first order, which is the order of everything that follows. Entries are
 * numbered through: 0 is the root, then come the entries of each directory.
 */
final class ScannedTree implements TreeShape {
    /** Holds the root as its only entry, so that the root has a name-less entry like any other. */
    final ScannedDirectory rootHolder;

    final List<ScannedDirectory> directories = new ArrayList<>();

    private final byte[] origin;
    private final Map<Long, Boolean> trustedDevices = new ConcurrentHashMap<>();
    /** Keeps the memory of directory names alive. */
    private final List<MemorySegment> directoryNames = new ArrayList<>();

    private long[] nameAddresses = new long[16];
    private int entryCount = 1;

    ScannedTree(byte[] origin, ScannedDirectory rootHolder) {
        this.origin = origin;
        this.rootHolder = rootHolder;
    }

    /** Whether change times on this device can be relied on; every device of a scanned directory is known. */
    boolean isTrusted(long device) {
        return trustedDevices.getOrDefault(device, false);
    }

    /** Learns of the device that this open directory is on. */
    void learn(long device, int fd) throws ErrnoException {
        if (!trustedDevices.containsKey(device)) {
            trustedDevices.put(device, LocalFileSystems.hold(FileCalls.fstatfs(fd)));
        }
    }

    int entryCount() {
        return entryCount;
    }

    /** Numbers the entries of the next directory in breadth-first order. */
    void number(ScannedDirectory directory) {
        directory.firstEntry = entryCount;
        entryCount = Math.addExact(entryCount, directory.count);
    }

    /** Copies the names of the directories from this number on to native memory, where system calls can read them. */
    void nameDirectories(int from) {
        int end = directories.size();
        int total = 0;
        for (int i = from; i < end; i++) {
            total += above(i).nameLength(directories.get(i).indexInParent) + 1;
        }
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, total));
        directoryNames.add(memory);
        nameAddresses = Arrays.copyOf(nameAddresses, Math.max(nameAddresses.length, end + end / 2));
        long at = 0;
        for (int i = from; i < end; i++) {
            ScannedDirectory above = above(i);
            int index = directories.get(i).indexInParent;
            int length = above.nameLength(index);
            MemorySegment.copy(above.names, above.nameStart(index), memory, ValueLayout.JAVA_BYTE, at, length);
            nameAddresses[i] = memory.address() + at;
            at += length + 1;
        }
    }

    private ScannedDirectory above(int directory) {
        return directories.get(directories.get(directory).parent);
    }

    @Override
    public int parent(int directory) {
        return directories.get(directory).parent;
    }

    @Override
    public long nameAddress(int directory) {
        return nameAddresses[directory];
    }

    /** The directory that holds this entry, which is not the root. */
    int directoryOf(int entry) {
        int low = 0;
        int high = directories.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (directories.get(middle).firstEntry <= entry) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The whole path of a directory, for messages. */
    byte[] path(int directory) {
        return directory == 0
                ? origin
                : path(directories.get(directory).parent, directories.get(directory).indexInParent);
    }

    byte[] path(int directory, int index) {
        return PathBytes.join(path(directory), directories.get(directory).name(index));
    }
}

package dev.velo.core.ingest;

import java.util.Arrays;

/**
 * The files that must be read, in the order in which their blobs will stand, cut into units of work: about a buffer's worth of small
 * files each, or one large file. Whoever takes a unit does all of it.
 */
final class ReadList {
    private int[] directories = new int[1024];
    private int[] indexes = new int[1024];
    private int[] unitStarts = new int[256];
    private int count;
    private int units;
    private long unitBytes;
    private long bytes;

    void add(int directory, int index, long size) {
        boolean full = unitBytes + size > Batch.CAPACITY || count - lastStart() >= Batch.MAX_FILES;
        if (units == 0 || full) {
            if (units == unitStarts.length) {
                unitStarts = Arrays.copyOf(unitStarts, units * 2);
            }
            unitStarts[units++] = count;
            unitBytes = 0;
        }
        if (count == directories.length) {
            directories = Arrays.copyOf(directories, count * 2);
            indexes = Arrays.copyOf(indexes, count * 2);
        }
        directories[count] = directory;
        indexes[count++] = index;
        unitBytes += size;
        bytes += size;
    }

    int units() {
        return units;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    int unitStart(int unit) {
        return unitStarts[unit];
    }

    int unitEnd(int unit) {
        return unit + 1 < units ? unitStarts[unit + 1] : count;
    }

    int directory(int item) {
        return directories[item];
    }

    int index(int item) {
        return indexes[item];
    }

    private int lastStart() {
        return units == 0 ? 0 : unitStarts[units - 1];
    }
}

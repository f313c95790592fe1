package dev.velo.core.tar;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.util.Arrays;

/** Where the bytes of a sparse file belong: stretches that ascend. All else in it is zero. */
final class SparseMap {
    private static final int MOST = 1 << 22;

    private final String file;
    private final long offset;
    private long[] offsets = new long[8];
    private long[] lengths = new long[8];
    private int count;

    /** For the entry whose header is at this offset of the archive. */
    SparseMap(String file, long offset) {
        this.file = file;
        this.offset = offset;
    }

    int count() {
        return count;
    }

    long offset(int stretch) {
        return offsets[stretch];
    }

    long length(int stretch) {
        return lengths[stretch];
    }

    void add(long start, long length) throws FormatException {
        long before = count == 0 ? 0 : offsets[count - 1] + lengths[count - 1];
        require(start >= before && length >= 0 && start + length >= start && count < MOST);
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        offsets[count] = start;
        lengths[count] = length;
        count++;
    }

    /** Adds the stretches of a list of numbers, two for each. */
    void addAll(String numbers) throws FormatException {
        String[] parts = numbers.split(",", -1);
        require(parts.length % 2 == 0);
        for (int i = 0; i < parts.length; i += 2) {
            add(number(parts[i]), number(parts[i + 1]));
        }
    }

    long number(String digits) throws FormatException {
        require(digits.matches("[0-9]{1,18}"));
        return Long.parseLong(digits);
    }

    /** Throws unless the stretches have as many bytes as the archive holds, and end inside the file. */
    void requireFits(long stored, long realSize) throws FormatException {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += lengths[i];
        }
        require(bytes == stored && (count == 0 || offsets[count - 1] + lengths[count - 1] <= realSize));
    }

    private void require(boolean possible) throws FormatException {
        if (!possible) {
            throw new FormatException(file, offset, Reason.INCONSISTENT, "the map of a sparse file");
        }
    }
}

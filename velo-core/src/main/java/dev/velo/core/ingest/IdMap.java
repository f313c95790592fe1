package dev.velo.core.ingest;

import java.util.List;

/** Which numbers of users or groups inside a user namespace stand for which outside of it, as {@code user_namespaces(7)} has it. */
public record IdMap(List<Range> ranges) {
    /** What {@link #inside} returns where no range holds. */
    static final long NONE = -1;

    /** All numbers there are: the last one means "no change" to the kernel. */
    private static final long ALL = 0xFFFF_FFFFL;

    /** Every number stands for itself. */
    public static final IdMap IDENTITY = new IdMap(List.of(new Range(0, 0, ALL)));

    /** So many numbers in a row, from these on; a line of {@code uid_map}. */
    public record Range(long inside, long outside, long count) {
        public Range {
            boolean valid = inside >= 0 && outside >= 0 && count > 0 && Math.max(inside, outside) + count <= ALL;
            if (!valid) {
                throw new IllegalArgumentException(
                        "a range of ids from " + inside + " and " + outside + ", " + count + " long");
            }
        }
    }

    public IdMap {
        ranges = List.copyOf(ranges);
    }

    /** The number inside, or {@link #NONE}. */
    long inside(int outside) {
        long id = Integer.toUnsignedLong(outside);
        for (Range range : ranges) {
            if (id >= range.outside() && id - range.outside() < range.count()) {
                return id - range.outside() + range.inside();
            }
        }
        return NONE;
    }
}

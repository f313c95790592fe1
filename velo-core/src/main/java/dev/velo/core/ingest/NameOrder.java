package dev.velo.core.ingest;

import java.util.Arrays;

/** Sorts names that stand one behind the other in an array, as numbers, by their unsigned bytes: a merge sort without objects. */
final class NameOrder {
    private static final int INSERTION_LIMIT = 16;

    private final byte[] names;
    private final int[] ends;
    private final int count;

    NameOrder(byte[] names, int[] ends, int count) {
        this.names = names;
        this.ends = ends;
        this.count = count;
    }

    /** The numbers of the names, in order. */
    int[] sorted() {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        sort(order, new int[count], 0, count);
        return order;
    }

    private void sort(int[] order, int[] spare, int from, int to) {
        if (to - from <= INSERTION_LIMIT) {
            insertionSort(order, from, to);
            return;
        }
        int middle = (from + to) >>> 1;
        sort(order, spare, from, middle);
        sort(order, spare, middle, to);
        if (compare(order[middle - 1], order[middle]) <= 0) {
            return;
        }
        System.arraycopy(order, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        for (int at = from; left < middle; at++) {
            boolean takeRight = right < to && compare(order[right], spare[left]) < 0;
            order[at] = takeRight ? order[right++] : spare[left++];
        }
    }

    private void insertionSort(int[] order, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int moved = order[i];
            int at = i;
            while (at > from && compare(order[at - 1], moved) > 0) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = moved;
        }
    }

    private int compare(int left, int right) {
        return Arrays.compareUnsigned(names, start(left), ends[left], names, start(right), ends[right]);
    }

    private int start(int name) {
        return name == 0 ? 0 : ends[name - 1];
    }
}

package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * One merge of layers, breadth first: the children of each directory are merged when the directory is written, because it says how many
 * they are, and written when their turn comes.
 */
final class LayerMerge {
    private static final int NOT_YET = -1;

    /** An entry of one layer. */
    private record Place(int layer, int entry) {}

    /**
     * What stands under one name of the result.
     *
     * @param places the directories that merge, upper first; of anything else the one that is seen
     */
    private record Member(List<Place> places) {
        Place top() {
            return places.get(0);
        }
    }

    private final List<Manifest> layers;
    private final int markedCount;
    private final IntPredicate deletes;
    private final ManifestBuilder builder;
    private final List<EntryCopy> copies = new ArrayList<>();
    private final List<int[]> written = new ArrayList<>();
    private final Deque<List<Member>> directories = new ArrayDeque<>();

    /**
     * @param layers upper first
     * @param markedCount how many of them, from the uppermost, may have marks of overlayfs
     * @param deletes whether an entry of the uppermost layer is a whiteout, whatever else it is
     */
    LayerMerge(List<Manifest> layers, int markedCount, IntPredicate deletes) {
        this.layers = layers;
        this.markedCount = markedCount;
        this.deletes = deletes;
        int most = layers.stream().mapToInt(Manifest::entryCount).max().orElseThrow();
        this.builder = new ManifestBuilder(most);
        for (int layer = 0; layer < layers.size(); layer++) {
            boolean marked = layer < markedCount;
            copies.add(new EntryCopy(
                    builder, layers.get(layer), attributes -> marked ? OverlayMarks.shown(attributes) : attributes));
            int[] numbers = new int[layers.get(layer).entryCount()];
            Arrays.fill(numbers, NOT_YET);
            written.add(numbers);
        }
    }

    ManifestBuilder run() {
        List<Place> roots = new ArrayList<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            roots.add(new Place(layer, 0));
        }
        write(new Member(merging(roots)));
        while (!directories.isEmpty()) {
            directories.remove().forEach(this::write);
        }
        return builder;
    }

    private void write(Member member) {
        Place top = member.top();
        Manifest layer = layers.get(top.layer());
        EntryCopy copy = copies.get(top.layer());
        int inode = inode(top);
        int[] numbers = written.get(top.layer());
        if (numbers[inode] != NOT_YET) {
            copy.furtherName(top.entry(), numbers[inode]);
            return;
        }
        numbers[inode] = builder.entryCount();
        copy.head(top.entry(), inode);
        if (layer.kind(inode) == EntryKind.DIRECTORY) {
            List<Member> children = children(member.places());
            builder.children(children.size());
            directories.add(children);
        } else {
            copy.contents(inode);
        }
    }

    /** The children of one directory of one layer, one after the other. */
    private final class Children implements Comparable<Children> {
        private final int layer;
        private final int end;
        private final boolean hasWhiteoutFiles;
        private int entry;
        private byte[] name = new byte[0];

        Children(Place directory) {
            Manifest manifest = layers.get(directory.layer());
            layer = directory.layer();
            entry = manifest.firstChild(directory.entry()) - 1;
            end = entry + 1 + manifest.childCount(directory.entry());
            hasWhiteoutFiles = OverlayMarks.hasWhiteoutFiles(manifest.attributes(directory.entry()));
        }

        boolean next() {
            entry++;
            if (entry == end) {
                return false;
            }
            name = layers.get(layer).name(entry);
            return true;
        }

        /** Whether the current one is one. Overlayfs makes one device and links it to all names that it deletes. */
        boolean isWhiteout() {
            if (layer >= markedCount) {
                return false;
            }
            Manifest manifest = layers.get(layer);
            int inode = inode(new Place(layer, entry));
            boolean marked = switch (manifest.kind(inode)) {
                case CHARACTER_DEVICE -> manifest.device(inode) == 0;
                case FILE ->
                    hasWhiteoutFiles
                            && manifest.size(inode) == 0
                            && OverlayMarks.isWhiteoutFile(manifest.attributes(inode));
                default -> false;
            };
            return marked || (layer == 0 && deletes.test(entry));
        }

        @Override
        public int compareTo(Children other) {
            int order = Arrays.compareUnsigned(name, other.name);
            return order != 0 ? order : Integer.compare(layer, other.layer);
        }
    }

    private List<Member> children(List<Place> merging) {
        PriorityQueue<Children> queue = new PriorityQueue<>();
        for (Place directory : merging) {
            advance(queue, new Children(directory));
        }
        List<Member> members = new ArrayList<>();
        List<Place> sameName = new ArrayList<>();
        while (!queue.isEmpty()) {
            byte[] name = queue.element().name;
            boolean deleted = queue.element().isWhiteout();
            sameName.clear();
            while (!queue.isEmpty() && Arrays.equals(queue.element().name, name)) {
                Children from = queue.remove();
                sameName.add(new Place(from.layer, from.entry));
                advance(queue, from);
            }
            if (!deleted) {
                members.add(new Member(merging(sameName)));
            }
        }
        return members;
    }

    private static void advance(PriorityQueue<Children> queue, Children children) {
        if (children.next()) {
            queue.add(children);
        }
    }

    /** Of those with one name, upper first, what is seen: the first, and if it is a directory those that merge with it. */
    private List<Place> merging(List<Place> sameName) {
        List<Place> merging = new ArrayList<>(2);
        for (Place place : sameName) {
            boolean directory = kind(place) == EntryKind.DIRECTORY;
            if (directory || merging.isEmpty()) {
                merging.add(place);
            }
            if (!directory || isOpaque(place)) {
                break;
            }
        }
        return List.copyOf(merging);
    }

    private int inode(Place place) {
        Manifest layer = layers.get(place.layer());
        return layer.kind(place.entry()) == EntryKind.HARD_LINK ? layer.primary(place.entry()) : place.entry();
    }

    private EntryKind kind(Place place) {
        return layers.get(place.layer()).kind(inode(place));
    }

    private boolean isOpaque(Place directory) {
        return OverlayMarks.isOpaque(layers.get(directory.layer()).attributes(directory.entry()));
    }
}

package dev.velo.core.present;

import dev.velo.core.format.Manifest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** What must be known of a whole tree before it can be made in parallel. Immutable. */
final class TreePlan {
    private static final int OWNER_BITS = 0700;

    private final int[] copyNumbers;
    private final BitSet late = new BitSet();
    private final int[] hardLinks;
    private long files;

    TreePlan(Manifest manifest, ManifestShape shape) {
        int count = manifest.entryCount();
        copyNumbers = new int[count];
        int[] copies = new int[manifest.blobCount()];
        int[] links = new int[16];
        int linkCount = 0;
        for (int entry = 0; entry < count; entry++) {
            switch (manifest.kind(entry)) {
                case FILE -> {
                    int blob = manifest.blob(entry);
                    if (blob >= 0) {
                        copyNumbers[entry] = copies[blob]++;
                        files++;
                    }
                }
                case DIRECTORY -> {
                    // what is below could not be reached any more
                    if ((manifest.permissions(entry) & OWNER_BITS) != OWNER_BITS || manifest.hasAttributes(entry)) {
                        late.set(entry);
                    }
                }
                case HARD_LINK -> {
                    if (linkCount == links.length) {
                        links = Arrays.copyOf(links, linkCount * 2);
                    }
                    links[linkCount++] = entry;
                    // a name added later moves the directory's time
                    late.set(shape.parent(entry));
                }
                default -> {}
            }
        }
        hardLinks = Arrays.copyOf(links, linkCount);
    }

    /** Which copy of its blob an entry is, counted through the tree from 0. */
    int copyNumber(int entry) {
        return copyNumbers[entry];
    }

    /** Whether a directory gets its metadata only after the whole tree is there. */
    boolean isLate(int directory) {
        return late.get(directory);
    }

    boolean hasLate() {
        return !late.isEmpty();
    }

    /** Those of a level that are late. */
    int[] late(int[] level) {
        return IntStream.of(level).filter(late::get).toArray();
    }

    int[] hardLinks() {
        return hardLinks;
    }

    /** Regular files with bytes. */
    long files() {
        return files;
    }
}

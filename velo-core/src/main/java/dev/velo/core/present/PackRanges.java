package dev.velo.core.present;

import dev.velo.core.format.Digest;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.Packs;
import dev.velo.core.view.Image;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of packs that the blobs of an image take up. */
final class PackRanges {
    /** Bytes that nobody asked for are read if they lie between two ranges: a seek, or a further request, costs more. */
    static final long GAP = 1 << 20;

    /** Bytes of the pack with this number in the image's order. */
    record Range(int pack, long start, long end) {}

    private PackRanges() {}

    /** In the order of the image's packs, and in each from its start; without holes of more than {@link #GAP}. */
    static List<Range> of(Image image, Packs packs) throws IOException {
        List<@Nullable PackFile> files = files(image, packs);
        BitSet[] used = new BitSet[files.size()];
        Arrays.setAll(used, i -> new BitSet());
        for (int blob = 0; blob < image.blobCount(); blob++) {
            mark(files, used, image.digest(blob));
        }
        List<Range> ranges = new ArrayList<>();
        for (int pack = 0; pack < used.length; pack++) {
            PackFile file = files.get(pack);
            if (file == null) {
                continue;
            }
            for (Range range : merged(pack, blobs(pack, file, used[pack]))) {
                ranges.addAll(merged(pack, data(file.fd(), range)));
            }
        }
        return ranges;
    }

    /** The packs in the image's order; null for one that a collection has taken while the image was mounted. */
    private static List<@Nullable PackFile> files(Image image, Packs packs) {
        List<@Nullable PackFile> files = new ArrayList<>();
        for (Digest id : image.packs()) {
            files.add(packs.all().stream()
                    .filter(pack -> pack.id().equals(id))
                    .findFirst()
                    .orElse(null));
        }
        return files;
    }

    private static void mark(List<@Nullable PackFile> files, BitSet[] used, Digest digest) {
        for (int pack = 0; pack < used.length; pack++) {
            PackFile file = files.get(pack);
            int entry = file == null ? -1 : file.index().find(digest);
            if (file != null && entry >= 0 && file.index().isRaw(entry)) {
                used[pack].set(entry);
                return;
            }
        }
    }

    private static List<Range> blobs(int pack, PackFile file, BitSet used) {
        List<Range> blobs = new ArrayList<>();
        for (int entry = used.nextSetBit(0); entry >= 0; entry = used.nextSetBit(entry + 1)) {
            long start = file.index().offset(entry);
            blobs.add(new Range(pack, start, start + file.index().length(entry)));
        }
        blobs.sort((a, b) -> Long.compare(a.start(), b.start()));
        return blobs;
    }

    /** Ranges of one pack, in order, joined where they are close. */
    static List<Range> merged(int pack, List<Range> sorted) {
        List<Range> merged = new ArrayList<>();
        for (Range range : sorted) {
            Range last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && range.start() - last.end() <= GAP) {
                merged.set(merged.size() - 1, new Range(pack, last.start(), Math.max(last.end(), range.end())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /** The parts of a range that are no holes: reading those would fill memory with zeros. */
    private static List<Range> data(int fd, Range range) throws ErrnoException {
        List<Range> parts = new ArrayList<>();
        long at = range.start();
        try {
            while (at < range.end()) {
                long start = FileCalls.lseek(fd, at, FileCalls.SEEK_DATA);
                if (start >= range.end()) {
                    break;
                }
                at = Math.min(range.end(), FileCalls.lseek(fd, start, FileCalls.SEEK_HOLE));
                parts.add(new Range(range.pack(), start, at));
            }
        } catch (ErrnoException e) {
            if (e.errno() != Errno.ENXIO) {
                throw e;
            }
        }
        return parts;
    }
}

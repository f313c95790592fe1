package dev.velo.core.present;

import dev.velo.core.format.FormatException;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Profile;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Image;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a command may read of a mounted image: the image, then the pack that its profile's blobs were laid together in, or else all of
 * its blobs, as few long ranges. Those are found once for each image and kept beside its anchor, in {@code mounts/NAME/ranges}, because
 * looking up each blob takes longer than a start may.
 */
public final class Prefetch {
    private static final byte[] RANGES = PathBytes.of("ranges");
    private static final long FILE_LIMIT = 64 << 20;
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5}) ([0-9]{1,18}) ([0-9]{1,18})");

    private Prefetch() {}

    /** What of it is not in memory, in the order in which it is to be read; no more than half of the memory that is free. */
    public static List<FileRange> of(Store store, Anchor anchor) throws IOException {
        return wanted(all(store, anchor));
    }

    static List<FileRange> all(Store store, Anchor anchor) throws IOException {
        ImageFiles image = anchor.image();
        List<FileRange> blobs = together(store, image);
        if (blobs.isEmpty()) {
            for (PackRanges.Range range : kept(store, anchor)) {
                blobs.add(new FileRange(image.packs().get(range.pack()), range.start(), range.end() - range.start()));
            }
        }
        return withImage(image, blobs);
    }

    private static List<FileRange> withImage(ImageFiles image, List<FileRange> blobs) {
        List<FileRange> all = new ArrayList<>();
        all.add(new FileRange(image.path(), 0, image.erofsBytes()));
        all.addAll(blobs);
        return all;
    }

    private static List<FileRange> wanted(List<FileRange> ranges) throws IOException {
        return FreeMemory.within(FreeMemory.available() / 2, ReadAhead.missing(ranges));
    }

    /** What a run is likely to read, if that has been recorded and laid together in a pack of its own; nothing otherwise. */
    public static List<FileRange> ofProfile(Store store, Anchor anchor) throws IOException {
        List<FileRange> together = together(store, anchor.image());
        return together.isEmpty() ? List.of() : wanted(withImage(anchor.image(), together));
    }

    /** Reads what is not in memory now. */
    public static void now(Store store, Anchor anchor) throws IOException {
        ReadAhead.read(of(store, anchor));
    }

    private static List<FileRange> together(Store store, ImageFiles image) throws IOException {
        Profile.Layout layout = new Profiles(store).layout(image.tree());
        List<FileRange> ranges = new ArrayList<>();
        if (layout == null) {
            return ranges;
        }
        byte[] name = PathBytes.of(layout.pack() + ".pack");
        for (byte[] path : image.packs()) {
            if (Arrays.equals(PathBytes.lastName(path), name)) {
                layout.stretches()
                        .forEach(stretch ->
                                ranges.add(new FileRange(path, stretch.start(), stretch.end() - stretch.start())));
            }
        }
        return ranges;
    }

    private static List<PackRanges.Range> kept(Store store, Anchor anchor) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        byte[] path = PathBytes.parent(anchor.tree());
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            String title =
                    "velo-ranges 1 " + HexFormat.of().formatHex(anchor.image().uuid());
            List<PackRanges.Range> found =
                    read(directory.fd(), title, anchor.image().packs().size());
            if (found == null) {
                found = find(store, anchor.image());
                write(directory.fd(), title, found);
            }
            return found;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return List.of(); // a collection has taken the image, which is mounted all the same
            }
            throw e;
        }
    }

    @SuppressWarnings("try") // the lock is only held: packs that are listed are there to be opened
    private static List<PackRanges.Range> find(Store store, ImageFiles files) throws IOException {
        try (Descriptor shared = store.lockShared();
                Image image = Image.open(files.path());
                Packs packs = store.packs()) {
            return PackRanges.of(image, packs);
        }
    }

    private static void write(int directory, String title, List<PackRanges.Range> ranges) throws ErrnoException {
        StringBuilder text = new StringBuilder(title).append('\n');
        for (PackRanges.Range range : ranges) {
            text.append(range.pack()).append(' ').append(range.start()).append(' ');
            text.append(range.end()).append('\n');
        }
        try (Arena arena = Arena.ofConfined();
                PublishedFile file = PublishedFile.create(directory, 0600)) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, PathBytes.of(text.toString())));
            file.publishOver(RANGES);
        }
    }

    /** The ranges that were kept for this image; null if there are none, or none that can be used. */
    private static @Nullable List<PackRanges.Range> read(int directory, String title, int packs) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = FileBytes.read(arena, directory, RANGES, FILE_LIMIT);
            return decode(new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1), title, packs);
        } catch (FormatException e) {
            return null;
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    /**
     * The ranges of a file of them; they are hints, so that nothing but their form is checked.
     *
     * @param title its first line
     * @param packs how many there are
     * @return null if it is of another image, or damaged
     */
    static @Nullable List<PackRanges.Range> decode(String text, String title, int packs) {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(title) || !lines[lines.length - 1].isEmpty()) {
            return null;
        }
        List<PackRanges.Range> ranges = new ArrayList<>();
        for (int i = 1; i < lines.length - 1; i++) {
            Matcher words = RANGE.matcher(lines[i]);
            if (!words.matches()) {
                return null;
            }
            PackRanges.Range range = new PackRanges.Range(
                    Integer.parseInt(words.group(1)), Long.parseLong(words.group(2)), Long.parseLong(words.group(3)));
            if (range.pack() >= packs || range.end() < range.start()) {
                return null;
            }
            ranges.add(range);
        }
        return ranges;
    }
}

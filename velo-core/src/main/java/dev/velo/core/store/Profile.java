package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a tree's blobs recorded runs have read, and where those lie together, once they do. A hint: nothing is wrong without
 * it.
 *
 * @param layout the pack that holds just these blobs; null before {@code velo pack --profile}, and once more has been recorded since
 * @param parts of each blob, numbers of pieces of {@link #PART_BYTES}; not to be changed
 */
public record Profile(@Nullable Layout layout, Map<Digest, BitSet> parts) {
    /** The unit in which a blob is read or not. */
    public static final int PART_BYTES = 64 << 10;

    /** Of a tree that nobody has recorded. */
    public static final Profile NONE = new Profile(null, Map.of());

    /** Of the largest blob that is recorded, 8 TiB: what a damaged line says costs no more memory than that. */
    private static final int MAX_PARTS = 1 << 27;

    private static final String TITLE = "velo-profile 1";
    private static final String NO_PACK = "pack -";
    private static final String PACK = "pack ";

    /** Bytes of a pack, from the one to before the other. */
    public record Stretch(long start, long end) {}

    /**
     * A pack with the blobs of a profile.
     *
     * @param pack its id
     * @param stretches what of it was read, ascending
     */
    public record Layout(Digest pack, List<Stretch> stretches) {
        /** Copies the list. */
        public Layout {
            stretches = List.copyOf(stretches);
        }
    }

    /** With what a run read besides; a layout that lacks some of it is forgotten. */
    public Profile with(Map<Digest, BitSet> read) {
        Map<Digest, BitSet> all = new HashMap<>(parts);
        read.forEach((blob, found) -> all.merge(blob, found, (known, more) -> {
            BitSet both = (BitSet) known.clone();
            both.or(more);
            return both;
        }));
        return all.equals(parts) ? this : new Profile(null, Collections.unmodifiableMap(all));
    }

    /** A title, the layout, then in each line a digest and its parts. */
    byte[] encode() {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        if (layout == null) {
            text.append(NO_PACK);
        } else {
            text.append(PACK).append(layout.pack());
            layout.stretches()
                    .forEach(stretch ->
                            text.append(' ').append(stretch.start()).append('-').append(stretch.end()));
        }
        text.append('\n');
        for (Map.Entry<Digest, BitSet> blob : new TreeMap<>(parts).entrySet()) {
            text.append(blob.getKey());
            BitSet read = blob.getValue();
            for (int first = read.nextSetBit(0); first >= 0; ) {
                int end = read.nextClearBit(first);
                text.append(' ').append(first).append('-').append(end);
                first = read.nextSetBit(end);
            }
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static Profile decode(String shown, byte[] bytes) throws FormatException {
        String[] lines = lines(shown, bytes);
        Layout layout = layout(shown, lines);
        Map<Digest, BitSet> parts = new HashMap<>();
        long offset = lines[0].length() + lines[1].length() + 2L;
        try {
            for (int i = 2; i < lines.length - 1; i++) {
                String[] words = lines[i].split(" ", -1);
                BitSet read = new BitSet();
                for (int j = 1; j < words.length; j++) {
                    Stretch stretch = stretch(words[j]);
                    if (stretch.end() > MAX_PARTS) {
                        throw new IllegalArgumentException("the parts " + words[j]);
                    }
                    read.set(Math.toIntExact(stretch.start()), Math.toIntExact(stretch.end()));
                }
                parts.put(Digest.parse(words[0]), read);
                offset += lines[i].length() + 1L;
            }
            return new Profile(layout, Collections.unmodifiableMap(parts));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException(shown, offset, Reason.INCONSISTENT, String.valueOf(e.getMessage()));
        }
    }

    /** The layout alone, which takes no look at each blob. */
    static @Nullable Layout decodeLayout(String shown, byte[] bytes) throws FormatException {
        boolean whole = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
        byte[] head = whole ? Arrays.copyOf(bytes, endOfLine(bytes, endOfLine(bytes, 0))) : bytes;
        return layout(shown, lines(shown, head));
    }

    private static int endOfLine(byte[] bytes, int start) {
        int at = start;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return Math.min(bytes.length, at + 1);
    }

    private static String[] lines(String shown, byte[] bytes) throws FormatException {
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        if (!lines[0].equals(TITLE)) {
            throw new FormatException(shown, 0, Reason.BAD_MAGIC, "a profile begins with " + TITLE);
        }
        if (lines.length < 3 || !lines[lines.length - 1].isEmpty()) {
            throw new FormatException(shown, bytes.length, Reason.TRUNCATED, "the last line of a profile");
        }
        return lines;
    }

    private static @Nullable Layout layout(String shown, String[] lines) throws FormatException {
        try {
            if (!lines[1].startsWith(PACK)) {
                throw new IllegalArgumentException("the pack is missing");
            }
            if (lines[1].equals(NO_PACK)) {
                return null;
            }
            String[] words = lines[1].substring(PACK.length()).split(" ", -1);
            List<Stretch> stretches = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                stretches.add(stretch(words[i]));
            }
            return new Layout(Digest.parse(words[0]), stretches);
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    shown, lines[0].length() + 1L, Reason.INCONSISTENT, String.valueOf(e.getMessage()));
        }
    }

    private static Stretch stretch(String word) {
        int dash = word.indexOf('-');
        long start = Long.parseLong(word.substring(0, Math.max(0, dash)));
        long end = Long.parseLong(word.substring(dash + 1));
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("the stretch " + word);
        }
        return new Stretch(start, end);
    }
}

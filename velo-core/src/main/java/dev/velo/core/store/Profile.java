package dev.velo.core.store;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which blobs of a tree recorded runs have read, and the pack that holds just these together, once there is one. A hint: nothing is
 * wrong without it.
 *
 * @param pack id of that pack; null before {@code velo pack --profile}, and once more has been recorded since
 */
public record Profile(@Nullable Digest pack, Set<Digest> blobs) {
    /** Of a tree that nobody has recorded. */
    public static final Profile NONE = new Profile(null, Set.of());

    private static final String TITLE = "velo-profile 1";
    private static final String NO_PACK = "pack -";
    private static final String PACK = "pack ";

    /** What a run read besides; a pack that lacks some of it is forgotten. */
    public Profile with(Set<Digest> read) {
        if (blobs.containsAll(read)) {
            return this;
        }
        Set<Digest> all = new LinkedHashSet<>(blobs);
        all.addAll(read);
        return new Profile(null, Collections.unmodifiableSet(all));
    }

    /** A title, the pack, then a digest in each line. */
    byte[] encode() {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        text.append(pack == null ? NO_PACK : PACK + pack).append('\n');
        List<String> digests = new ArrayList<>(blobs.size());
        blobs.forEach(blob -> digests.add(blob.toString()));
        Collections.sort(digests);
        digests.forEach(digest -> text.append(digest).append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static Profile decode(String shown, byte[] bytes) throws FormatException {
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        if (!lines[0].equals(TITLE)) {
            throw new FormatException(shown, 0, Reason.BAD_MAGIC, "a profile begins with " + TITLE);
        }
        if (lines.length < 3 || !lines[lines.length - 1].isEmpty()) {
            throw new FormatException(shown, bytes.length, Reason.TRUNCATED, "the last line of a profile");
        }
        long offset = TITLE.length() + 1L;
        try {
            if (!lines[1].startsWith(PACK)) {
                throw new IllegalArgumentException("the pack is missing");
            }
            Digest pack = lines[1].equals(NO_PACK) ? null : Digest.parse(lines[1].substring(PACK.length()));
            offset += lines[1].length() + 1L;
            Set<Digest> blobs = new LinkedHashSet<>();
            for (int i = 2; i < lines.length - 1; i++) {
                blobs.add(Digest.parse(lines[i]));
                offset += lines[i].length() + 1L;
            }
            return new Profile(pack, Collections.unmodifiableSet(blobs));
        } catch (IllegalArgumentException e) {
            throw new FormatException(shown, offset, Reason.INCONSISTENT, String.valueOf(e.getMessage()));
        }
    }
}

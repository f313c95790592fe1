package dev.velo.core.format;

/**
 * Entries of a manifest, cut into columns of bytes that deflate well, and joined again. In a manifest every name, target, blob and child
 * stands where counting says, so that of {@code name_offset} and {@code ref} only the difference from that is kept: nearly always 0. The
 * counting goes on from block to block, and is the same in both directions whatever the words are.
 */
final class EntryColumns {
    private static final int WORDS = ManifestFormat.ENTRY_WORDS;
    private static final int FILE = EntryKind.FILE.code();
    private static final int DIRECTORY = EntryKind.DIRECTORY.code();
    private static final int SYMLINK = EntryKind.SYMLINK.code();

    private int nextString;
    private int nextBlob;
    private int nextChild = 1;

    /** Cuts so many entries into columns; the words are used up. */
    void cut(int[] words, int count, byte[] columns) {
        for (int at = 0; at < count * WORDS; at += WORDS) {
            int nameOffset = words[at + ManifestFormat.NAME_OFFSET_WORD];
            int ref = words[at + ManifestFormat.REF_WORD];
            words[at + ManifestFormat.NAME_OFFSET_WORD] = nameOffset - nextString;
            countName(words, at, nameOffset);
            words[at + ManifestFormat.REF_WORD] = ref - expectedRef(words, at);
            countRef(words, at, ref);
        }
        for (int word = 0; word < WORDS; word++) {
            int first = word * Integer.BYTES * count;
            for (int i = 0, at = word; i < count; i++, at += WORDS) {
                int value = words[at];
                columns[first + i] = (byte) value;
                columns[first + count + i] = (byte) (value >>> 8);
                columns[first + 2 * count + i] = (byte) (value >>> 16);
                columns[first + 3 * count + i] = (byte) (value >>> 24);
            }
        }
    }

    /** Joins the columns of so many entries. */
    void join(byte[] columns, int count, int[] words) {
        for (int word = 0; word < WORDS; word++) {
            int first = word * Integer.BYTES * count;
            for (int i = 0, at = word; i < count; i++, at += WORDS) {
                words[at] = (columns[first + i] & 0xff)
                        | (columns[first + count + i] & 0xff) << 8
                        | (columns[first + 2 * count + i] & 0xff) << 16
                        | columns[first + 3 * count + i] << 24;
            }
        }
        for (int at = 0; at < count * WORDS; at += WORDS) {
            int nameOffset = words[at + ManifestFormat.NAME_OFFSET_WORD] + nextString;
            words[at + ManifestFormat.NAME_OFFSET_WORD] = nameOffset;
            countName(words, at, nameOffset);
            int ref = words[at + ManifestFormat.REF_WORD] + expectedRef(words, at);
            words[at + ManifestFormat.REF_WORD] = ref;
            countRef(words, at, ref);
        }
    }

    private void countName(int[] words, int at, int nameOffset) {
        nextString = nameOffset + (words[at + ManifestFormat.NAME_LENGTH_WORD] & 0xff) + 1;
    }

    /** From what stands in other words of the entry. */
    private int expectedRef(int[] words, int at) {
        int kind = kind(words, at);
        if (kind == FILE) {
            return isEmpty(words, at) ? ManifestFormat.NO_BLOB : nextBlob;
        }
        return kind == DIRECTORY ? nextChild : kind == SYMLINK ? nextString : 0;
    }

    private void countRef(int[] words, int at, int ref) {
        int kind = kind(words, at);
        int size = words[at + ManifestFormat.SIZE_WORD];
        if (kind == FILE && !isEmpty(words, at)) {
            nextBlob += ref == nextBlob ? 1 : 0;
        } else if (kind == DIRECTORY) {
            nextChild += size;
        } else if (kind == SYMLINK) {
            nextString += size + 1;
        }
    }

    private static int kind(int[] words, int at) {
        return words[at + ManifestFormat.NAME_LENGTH_WORD] >>> 8 & 0xff;
    }

    private static boolean isEmpty(int[] words, int at) {
        return (words[at + ManifestFormat.SIZE_WORD] | words[at + ManifestFormat.SIZE_WORD + 1]) == 0;
    }
}

package dev.velo.core.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One tree: an immutable, checked manifest. Entries are numbered in canonical order from 0, the root; the children of a directory
 * are consecutive. Safe for any number of threads.
 */
public final class Manifest {
    private static final int ROOT = 0;

    private final String file;
    private final int[] entries;
    private final int entryCount;
    private final byte[] digests;
    private final int[] owners;
    private final byte[] attributes;
    private final byte[] strings;
    private final MemorySegment nativeStrings;

    Manifest(String file, int[] entries, byte[] digests, int[] owners, byte[] attributes, byte[] strings) {
        this.file = file;
        this.entries = entries;
        this.entryCount = entries.length / ManifestFormat.ENTRY_WORDS;
        this.digests = digests;
        this.owners = owners;
        this.attributes = attributes;
        this.strings = strings;
        this.nativeStrings = Arena.ofAuto().allocate(Math.max(1, strings.length));
        MemorySegment.copy(strings, 0, nativeStrings, ValueLayout.JAVA_BYTE, 0, strings.length);
    }

    /** The file that it was read from, for messages. */
    public String file() {
        return file;
    }

    public int entryCount() {
        return entryCount;
    }

    public int blobCount() {
        return digests.length / Digest.BYTES;
    }

    public EntryKind kind(int entry) {
        return EntryKind.ofCode(nameWord(entry) >>> 8 & 0xff);
    }

    /** The permission bits with setuid, setgid and sticky, 12 bits; meaningless for a hard link. */
    public int permissions(int entry) {
        return nameWord(entry) >>> 16;
    }

    public long mtimeSeconds(int entry) {
        return longWord(entry, ManifestFormat.MTIME_SECONDS_WORD);
    }

    public int mtimeNanos(int entry) {
        return word(entry, ManifestFormat.MTIME_NANOS_WORD);
    }

    /** Bytes of a file or of a link's target. */
    public long size(int entry) {
        return longWord(entry, ManifestFormat.SIZE_WORD);
    }

    /** The number of a file's blob, or -1 for an empty file. */
    public int blob(int entry) {
        return word(entry, ManifestFormat.REF_WORD);
    }

    public int firstChild(int directory) {
        return word(directory, ManifestFormat.REF_WORD);
    }

    public int childCount(int directory) {
        return word(directory, ManifestFormat.SIZE_WORD);
    }

    /** The entry whose further name this hard link is. */
    public int primary(int hardLink) {
        return word(hardLink, ManifestFormat.REF_WORD);
    }

    /** Major number in the high half, minor in the low one. */
    public long device(int entry) {
        return longWord(entry, ManifestFormat.SIZE_WORD);
    }

    public boolean hasOwner(int entry) {
        return word(entry, ManifestFormat.OWNER_WORD) != 0;
    }

    public int uid(int entry) {
        return owners[2 * (word(entry, ManifestFormat.OWNER_WORD) - 1)];
    }

    public int gid(int entry) {
        return owners[2 * (word(entry, ManifestFormat.OWNER_WORD) - 1) + 1];
    }

    public boolean hasAttributes(int entry) {
        return word(entry, ManifestFormat.ATTRIBUTES_WORD) != 0;
    }

    /** A number that equal attribute sets share; 0 for none. */
    public int attributesId(int entry) {
        return word(entry, ManifestFormat.ATTRIBUTES_WORD);
    }

    public List<AttributeSet.Attribute> attributes(int entry) {
        return hasAttributes(entry)
                ? AttributeSet.decode(attributes, word(entry, ManifestFormat.ATTRIBUTES_WORD) - 1)
                : List.of();
    }

    public byte[] name(int entry) {
        int start = nameOffset(entry);
        return Arrays.copyOfRange(strings, start, start + nameLength(entry));
    }

    public int nameLength(int entry) {
        return nameWord(entry) & 0xff;
    }

    /** Compares the entry's name with another in unsigned byte order. */
    public int compareName(int entry, byte[] other) {
        int start = nameOffset(entry);
        return Arrays.compareUnsigned(strings, start, start + nameLength(entry), other, 0, other.length);
    }

    /** Copies the entry's name to this place and returns its length. */
    public int copyName(int entry, byte[] into, int at) {
        int length = nameLength(entry);
        System.arraycopy(strings, nameOffset(entry), into, at, length);
        return length;
    }

    /** The address of the entry's name as a C string; valid while this manifest is reachable. */
    public long nameAddress(int entry) {
        return nativeStrings.address() + nameOffset(entry);
    }

    /** The target of a symbolic link. */
    public byte[] target(int entry) {
        int start = word(entry, ManifestFormat.REF_WORD);
        return Arrays.copyOfRange(strings, start, start + (int) size(entry));
    }

    /** The address of a link's target as a C string; valid while this manifest is reachable. */
    public long targetAddress(int entry) {
        return nativeStrings.address() + word(entry, ManifestFormat.REF_WORD);
    }

    /** The digests of all blobs, 32 bytes each, in the order of their numbers. Shared: not to be changed. */
    public byte[] digestBytes() {
        return digests;
    }

    public Digest digest(int blob) {
        return Digest.of(digests, blob * Digest.BYTES);
    }

    /** The entry at this path, whose names are separated by one or more slashes, or -1; symbolic links are not followed. */
    public int find(byte[] path) {
        int entry = ROOT;
        int start = 0;
        while (start < path.length) {
            int end = start;
            while (end < path.length && path[end] != '/') {
                end++;
            }
            boolean here = end == start || (end == start + 1 && path[start] == '.');
            entry = here ? entry : child(entry, path, start, end);
            if (entry < 0) {
                return -1;
            }
            start = end + 1;
        }
        return entry;
    }

    /** The child whose name stands between these indexes of a path, or -1. */
    public int child(int directory, byte[] path, int start, int end) {
        if (kind(directory) != EntryKind.DIRECTORY) {
            return -1;
        }
        int low = firstChild(directory);
        int high = low + childCount(directory) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int name = nameOffset(middle);
            int order = Arrays.compareUnsigned(strings, name, name + nameLength(middle), path, start, end);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** For each entry the number of the directory that holds it; 0 for the root itself. */
    public int[] parents() {
        int[] parents = new int[entryCount];
        for (int entry = 0; entry < entryCount; entry++) {
            if (kind(entry) == EntryKind.DIRECTORY) {
                int first = firstChild(entry);
                Arrays.fill(parents, first, first + childCount(entry), entry);
            }
        }
        return parents;
    }

    /** The path of an entry below the root, decoded for messages; {@code .} for the root. */
    public String describe(int entry, int[] parents) {
        if (entry == ROOT) {
            return ".";
        }
        StringBuilder path = new StringBuilder();
        for (int at = entry; at != ROOT; at = parents[at]) {
            path.insert(0, "/" + new String(name(at), StandardCharsets.UTF_8));
        }
        return path.substring(1);
    }

    private int nameOffset(int entry) {
        return word(entry, ManifestFormat.NAME_OFFSET_WORD);
    }

    private int nameWord(int entry) {
        return word(entry, ManifestFormat.NAME_LENGTH_WORD);
    }

    private int word(int entry, int word) {
        return entries[entry * ManifestFormat.ENTRY_WORDS + word];
    }

    private long longWord(int entry, int word) {
        return Integer.toUnsignedLong(word(entry, word)) | (long) word(entry, word + 1) << 32;
    }
}

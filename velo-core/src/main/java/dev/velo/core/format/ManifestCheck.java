package dev.velo.core.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * The rules that entries obey. Every reference has one canonical value, which a running counter predicts, so that a tree has one
 * sequence of bytes, and cycles, sharing and gaps cannot be expressed.
 */
final class ManifestCheck {
    private static final int MAX_NANOS = 999_999_999;
    private static final int PERMISSION_BITS = 07777;

    // what the kernel's device numbers hold
    private static final int MAJOR_BITS = 12;
    private static final int MINOR_BITS = 20;

    private final Manifest manifest;
    private final int[] entries;
    private final byte[] attributes;
    private final byte[] strings;
    private final int blobCount;
    private final int ownerCount;
    private final long[] blobSizes;
    private final BitSet attributeStarts = new BitSet();
    private final Set<ByteBuffer> attributeSets = new HashSet<>();
    private final Set<Long> owners = new HashSet<>();

    private long nextChild = 1;
    private int nextBlob;
    private int nextOwner = 1;
    private int nextAttributes = 1;
    private int nextString;

    ManifestCheck(Manifest manifest, int[] entries, byte[] attributes, byte[] strings, int blobCount, int ownerCount) {
        this.manifest = manifest;
        this.entries = entries;
        this.attributes = attributes;
        this.strings = strings;
        this.blobCount = blobCount;
        this.ownerCount = ownerCount;
        this.blobSizes = new long[blobCount];
    }

    void run() throws FormatException {
        int count = manifest.entryCount();
        for (int entry = 0; entry < count; entry++) {
            int code = word(entry, ManifestFormat.NAME_LENGTH_WORD) >>> 8 & 0xff;
            if (!EntryKind.isCode(code)) {
                throw fault(entry, Reason.BAD_KIND, "kind " + code);
            }
            checkName(entry);
            checkCommon(entry);
            checkKind(entry, manifest.kind(entry), count);
        }
        require(manifest.kind(0) == EntryKind.DIRECTORY, 0, Reason.INCONSISTENT, "the root is not a directory");
        require(nextChild == count, 0, Reason.INCONSISTENT, "entries that no directory holds");
        require(nextBlob == blobCount, 0, Reason.INCONSISTENT, "digests that no file has");
        require(nextOwner == ownerCount + 1, 0, Reason.INCONSISTENT, "owners that own nothing");
        require(nextAttributes == attributes.length + 1, 0, Reason.INCONSISTENT, "attributes that no file has");
        require(nextString == strings.length, 0, Reason.INCONSISTENT, "strings that nothing names");
        require(DistinctDigests.in(manifest), 0, Reason.INCONSISTENT, "one digest with two numbers");
        checkSiblings();
    }

    private void checkName(int entry) throws FormatException {
        int length = manifest.nameLength(entry);
        require(word(entry, ManifestFormat.NAME_OFFSET_WORD) == nextString, entry, Reason.BAD_ORDER, "name_offset");
        require((entry == 0) == (length == 0), entry, Reason.BAD_NAME, "an empty name, or a root with a name");
        require(
                length <= strings.length - nextString - 1,
                entry,
                Reason.OUT_OF_BOUNDS,
                "the name passes the end of the strings");
        for (int i = nextString; i < nextString + length; i++) {
            // not by require: this is run for every byte of every name
            if (strings[i] == 0 || strings[i] == '/') {
                throw fault(entry, Reason.BAD_NAME, "a NUL or slash in a name");
            }
        }
        require(strings[nextString + length] == 0, entry, Reason.BAD_NAME, "the name does not end in NUL");
        boolean dots =
                length <= 2 && length > 0 && strings[nextString] == '.' && strings[nextString + length - 1] == '.';
        require(!dots, entry, Reason.BAD_NAME, "a name that is . or ..");
        nextString += length + 1;
    }

    private void checkCommon(int entry) throws FormatException {
        require((manifest.permissions(entry) & ~PERMISSION_BITS) == 0, entry, Reason.INCONSISTENT, "permissions");
        int nanos = manifest.mtimeNanos(entry);
        require(nanos >= 0 && nanos <= MAX_NANOS, entry, Reason.INCONSISTENT, "mtime_nanos");
        int owner = word(entry, ManifestFormat.OWNER_WORD);
        require(owner >= 0 && owner <= nextOwner && owner <= ownerCount, entry, Reason.BAD_ORDER, "owner");
        if (owner == nextOwner) {
            long pair = (long) manifest.uid(entry) << 32 | Integer.toUnsignedLong(manifest.gid(entry));
            require(owners.add(pair), entry, Reason.INCONSISTENT, "one owner with two numbers");
            nextOwner++;
        }
        checkAttributes(entry);
    }

    private void checkAttributes(int entry) throws FormatException {
        int attributeSet = word(entry, ManifestFormat.ATTRIBUTES_WORD);
        require(attributeSet >= 0 && attributeSet <= nextAttributes, entry, Reason.BAD_ORDER, "attributes");
        if (attributeSet == nextAttributes) {
            int length = AttributeSet.lengthAt(attributes, attributeSet - 1);
            require(length > 0, entry, Reason.INCONSISTENT, "attributes");
            ByteBuffer set = ByteBuffer.wrap(attributes, attributeSet - 1, length);
            require(attributeSets.add(set), entry, Reason.INCONSISTENT, "one attribute set at two places");
            attributeStarts.set(attributeSet);
            nextAttributes += length;
        } else if (attributeSet > 0) {
            require(attributeStarts.get(attributeSet), entry, Reason.BAD_ORDER, "attributes inside a set");
        }
    }

    private void checkKind(int entry, EntryKind kind, int count) throws FormatException {
        long size = manifest.size(entry);
        int ref = word(entry, ManifestFormat.REF_WORD);
        switch (kind) {
            case FILE -> checkFile(entry, size, ref);
            case DIRECTORY -> {
                require(size >= 0 && size <= count - nextChild, entry, Reason.OUT_OF_BOUNDS, "children");
                require(ref == nextChild && nextChild > entry, entry, Reason.BAD_ORDER, "first child");
                nextChild += size;
            }
            case SYMLINK -> checkTarget(entry, size, ref);
            case HARD_LINK -> {
                require(ref >= 0 && ref < entry, entry, Reason.OUT_OF_BOUNDS, "a hard link to an entry behind it");
                EntryKind linked = manifest.kind(ref);
                boolean linkable = linked != EntryKind.DIRECTORY && linked != EntryKind.HARD_LINK;
                require(linkable, entry, Reason.INCONSISTENT, "a hard link to a directory or to a hard link");
                boolean bare = size == 0
                        && manifest.permissions(entry) == 0
                        && manifest.mtimeSeconds(entry) == 0
                        && manifest.mtimeNanos(entry) == 0
                        && !manifest.hasOwner(entry)
                        && !manifest.hasAttributes(entry);
                require(bare, entry, Reason.INCONSISTENT, "a hard link with metadata of its own");
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                require(ref == 0, entry, Reason.INCONSISTENT, "ref of a device");
                boolean possible = size >>> (32 + MAJOR_BITS) == 0 && (int) size >>> MINOR_BITS == 0;
                require(possible, entry, Reason.INCONSISTENT, "device number");
            }
            case FIFO -> require(ref == 0 && size == 0, entry, Reason.INCONSISTENT, "ref or size of a fifo");
        }
    }

    private void checkFile(int entry, long size, int ref) throws FormatException {
        if (ref == ManifestFormat.NO_BLOB) {
            require(size == 0, entry, Reason.INCONSISTENT, "an empty file with a size");
            return;
        }
        require(ref >= 0 && ref <= nextBlob && ref < blobCount, entry, Reason.BAD_ORDER, "blob number");
        require(size > 0, entry, Reason.BAD_LENGTH, "size of a file");
        if (ref == nextBlob) {
            blobSizes[ref] = size;
            nextBlob++;
        }
        require(blobSizes[ref] == size, entry, Reason.INCONSISTENT, "one blob with two sizes");
    }

    private void checkTarget(int entry, long size, int ref) throws FormatException {
        require(ref == nextString, entry, Reason.BAD_ORDER, "target");
        require(size >= 1 && size <= ManifestFormat.MAX_TARGET_BYTES, entry, Reason.BAD_LENGTH, "target");
        require(
                size <= strings.length - nextString - 1,
                entry,
                Reason.OUT_OF_BOUNDS,
                "the target passes the end of the strings");
        int end = nextString + (int) size;
        for (int i = nextString; i < end; i++) {
            require(strings[i] != 0, entry, Reason.BAD_NAME, "a NUL in a target");
        }
        require(strings[end] == 0, entry, Reason.BAD_NAME, "the target does not end in NUL");
        nextString = end + 1;
    }

    private void checkSiblings() throws FormatException {
        for (int directory = 0; directory < manifest.entryCount(); directory++) {
            if (manifest.kind(directory) != EntryKind.DIRECTORY) {
                continue;
            }
            int first = manifest.firstChild(directory);
            for (int child = first + 1; child < first + manifest.childCount(directory); child++) {
                int before = word(child - 1, ManifestFormat.NAME_OFFSET_WORD);
                int name = word(child, ManifestFormat.NAME_OFFSET_WORD);
                int order = Arrays.compareUnsigned(
                        strings,
                        before,
                        before + manifest.nameLength(child - 1),
                        strings,
                        name,
                        name + manifest.nameLength(child));
                require(order < 0, child, Reason.BAD_ORDER, "names of one directory");
            }
        }
    }

    private int word(int entry, int word) {
        return entries[entry * ManifestFormat.ENTRY_WORDS + word];
    }

    private void require(boolean holds, int entry, Reason reason, String detail) throws FormatException {
        if (!holds) {
            throw fault(entry, reason, detail);
        }
    }

    private FormatException fault(int entry, Reason reason, String detail) {
        long offset = ManifestFormat.HEADER_BYTES + (long) entry * ManifestFormat.ENTRY_BYTES;
        return new FormatException(manifest.file(), offset, reason, detail + " of entry " + entry);
    }
}

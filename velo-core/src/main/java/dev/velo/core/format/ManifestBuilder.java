package dev.velo.core.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Collects the entries of a tree in canonical order and writes them as a manifest.
 *
 * <p>Canonical order is breadth first: the root, then the children of each directory, directories in the order in which they stand
 * themselves, names in unsigned byte order. Whoever adds entries keeps that order; the reader checks it. Not thread-safe.
 */
public final class ManifestBuilder {
    private static final int CHUNK_BYTES = 1 << 18;

    private final DigestTable digests;
    private final Map<Long, Integer> owners = new LinkedHashMap<>();
    private final Map<ByteBuffer, Integer> attributeSets = new LinkedHashMap<>();
    private int[] entries;
    private byte[] strings = new byte[1 << 16];
    private byte[] attributes = new byte[256];
    private int entryCount;
    private int stringBytes;
    private int attributeBytes;
    private int nextChild = 1;

    public ManifestBuilder(int expectedEntries) {
        entries = new int[Math.max(16, expectedEntries) * ManifestFormat.ENTRY_WORDS];
        digests = new DigestTable(expectedEntries);
    }

    public int entryCount() {
        return entryCount;
    }

    public int blobCount() {
        return digests.size();
    }

    /** The number of the blob of this entry, which is a file; -1 if that is empty. */
    public int blob(int entry) {
        return entries[entry * ManifestFormat.ENTRY_WORDS + ManifestFormat.REF_WORD];
    }

    /** The digests of all blobs, by number, as they stand in the manifest. */
    public byte[] digests() {
        byte[] bytes = new byte[Math.multiplyExact(digests.size(), Digest.BYTES)];
        putDigests(0, digests.size(), bytes);
        return bytes;
    }

    private void putDigests(int from, int count, byte[] bytes) {
        for (int i = 0; i < count; i++) {
            for (int word = 0; word < 4; word++) {
                Digest.WORD.set(bytes, i * Digest.BYTES + word * Long.BYTES, digests.word(from + i, word));
            }
        }
    }

    /** Begins an entry with what all kinds have; the {@code ref} and {@code size} of the kind follow by one of the other methods. */
    public void entry(EntryKind kind, byte[] names, int nameStart, int nameLength, int permissions) {
        int at = entryCount * ManifestFormat.ENTRY_WORDS;
        if (at == entries.length) {
            entries = Arrays.copyOf(
                    entries,
                    entries.length + entries.length / 2 / ManifestFormat.ENTRY_WORDS * ManifestFormat.ENTRY_WORDS);
        }
        entries[at + ManifestFormat.NAME_OFFSET_WORD] = stringBytes;
        entries[at + ManifestFormat.NAME_LENGTH_WORD] = nameLength | kind.code() << 8 | permissions << 16;
        appendString(names, nameStart, nameLength);
        entryCount++;
    }

    /** The modification time of the entry begun last. */
    public void mtime(long seconds, int nanos) {
        setLong(ManifestFormat.MTIME_SECONDS_WORD, seconds);
        set(ManifestFormat.MTIME_NANOS_WORD, nanos);
    }

    /** The owner of the entry begun last; an entry without this call stores none. */
    public void owner(int uid, int gid) {
        set(
                ManifestFormat.OWNER_WORD,
                owners.computeIfAbsent((long) uid << 32 | Integer.toUnsignedLong(gid), key -> owners.size() + 1));
    }

    /** The extended attributes of the entry begun last, as {@link AttributeSet#encode} gives them. */
    public void attributes(byte[] encoded) {
        Integer known = attributeSets.get(ByteBuffer.wrap(encoded));
        if (known == null) {
            known = attributeBytes + 1;
            attributeSets.put(ByteBuffer.wrap(encoded), known);
            attributes = ensure(attributes, attributeBytes + encoded.length);
            System.arraycopy(encoded, 0, attributes, attributeBytes, encoded.length);
            attributeBytes += encoded.length;
        }
        set(ManifestFormat.ATTRIBUTES_WORD, known);
    }

    /** The entry begun last is an empty file. */
    public void emptyFile() {
        set(ManifestFormat.REF_WORD, ManifestFormat.NO_BLOB);
    }

    /** The entry begun last is a file with these bytes. */
    public void blob(long word0, long word1, long word2, long word3, long size) {
        set(ManifestFormat.REF_WORD, digests.add(word0, word1, word2, word3));
        setLong(ManifestFormat.SIZE_WORD, size);
    }

    /** The entry begun last is a directory of that many children, which follow after those of the directories before it. */
    public void children(int count) {
        set(ManifestFormat.REF_WORD, nextChild);
        setLong(ManifestFormat.SIZE_WORD, count);
        nextChild = Math.addExact(nextChild, count);
    }

    /** The entry begun last is a symbolic link to this target. */
    public void target(byte[] target) {
        set(ManifestFormat.REF_WORD, stringBytes);
        setLong(ManifestFormat.SIZE_WORD, target.length);
        appendString(target, 0, target.length);
    }

    /** The entry begun last stands for this device: major number in the high half, minor in the low one. */
    public void device(long majorMinor) {
        setLong(ManifestFormat.SIZE_WORD, majorMinor);
    }

    /** The entry begun last is a further name of an entry before it. */
    public void hardLinkTo(int primary) {
        set(ManifestFormat.REF_WORD, primary);
    }

    /** Hands the manifest's bytes to the sink in order, in chunks that are valid during the call only, and returns their digest. */
    public Digest writeTo(ByteSink sink) throws IOException {
        if (nextChild != entryCount) {
            throw new IllegalStateException(
                    "directories announce " + nextChild + " entries, but there are " + entryCount);
        }
        MessageDigest sha = Hashing.sha256();
        ByteSink both = chunk -> {
            sha.update(chunk.asByteBuffer());
            sink.accept(chunk);
        };
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = header(arena);
            CRC32C crc = new CRC32C();
            crc.update(header.asSlice(ManifestFormat.CHECKED_FROM).asByteBuffer());
            sections(arena, chunk -> crc.update(chunk.asByteBuffer()));
            header.set(
                    ValueLayout.JAVA_INT, ManifestFormat.offset(ManifestFormat.HEADER, "crc32c"), (int) crc.getValue());
            both.accept(header);
            sections(arena, both);
        }
        return Digest.of(sha.digest(), 0);
    }

    private MemorySegment header(Arena arena) {
        MemorySegment header = arena.allocate(ManifestFormat.HEADER);
        long total = ManifestFormat.HEADER_BYTES
                + (long) entryCount * ManifestFormat.ENTRY_BYTES
                + (long) digests.size() * Digest.BYTES
                + (long) owners.size() * ManifestFormat.OWNER_BYTES
                + attributeBytes
                + stringBytes;
        put(header, "magic", ManifestFormat.MAGIC);
        put(header, "version", ManifestFormat.VERSION);
        put(header, "total_length", total);
        put(header, "entry_count", entryCount);
        put(header, "blob_count", digests.size());
        put(header, "owner_count", owners.size());
        put(header, "attribute_bytes", attributeBytes);
        put(header, "string_bytes", (long) stringBytes);
        return header;
    }

    private static void put(MemorySegment header, String field, long value) {
        header.set(ValueLayout.JAVA_LONG, ManifestFormat.offset(ManifestFormat.HEADER, field), value);
    }

    private static void put(MemorySegment header, String field, int value) {
        header.set(ValueLayout.JAVA_INT, ManifestFormat.offset(ManifestFormat.HEADER, field), value);
    }

    private void sections(Arena arena, ByteSink sink) throws IOException {
        MemorySegment chunk = arena.allocate(CHUNK_BYTES, Long.BYTES);
        copy(MemorySegment.ofArray(entries).asSlice(0, (long) entryCount * ManifestFormat.ENTRY_BYTES), chunk, sink);
        int perChunk = CHUNK_BYTES / Digest.BYTES;
        byte[] words = new byte[CHUNK_BYTES];
        for (int from = 0; from < digests.size(); from += perChunk) {
            int count = Math.min(perChunk, digests.size() - from);
            putDigests(from, count, words);
            copy(MemorySegment.ofArray(words).asSlice(0, (long) count * Digest.BYTES), chunk, sink);
        }
        int[] pairs = owners.keySet().stream()
                .flatMapToInt(owner -> IntStream.of((int) (owner >>> 32), (int) (long) owner))
                .toArray();
        copy(MemorySegment.ofArray(pairs), chunk, sink);
        copy(MemorySegment.ofArray(attributes).asSlice(0, attributeBytes), chunk, sink);
        copy(MemorySegment.ofArray(strings).asSlice(0, stringBytes), chunk, sink);
    }

    private static void copy(MemorySegment from, MemorySegment chunk, ByteSink sink) throws IOException {
        for (long at = 0; at < from.byteSize(); at += chunk.byteSize()) {
            MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), from.byteSize() - at));
            part.copyFrom(from.asSlice(at, part.byteSize()));
            sink.accept(part);
        }
    }

    private void set(int word, int value) {
        entries[(entryCount - 1) * ManifestFormat.ENTRY_WORDS + word] = value;
    }

    private void setLong(int word, long value) {
        set(word, (int) value);
        set(word + 1, (int) (value >>> 32));
    }

    private void appendString(byte[] bytes, int start, int length) {
        strings = ensure(strings, Math.addExact(stringBytes, length + 1));
        System.arraycopy(bytes, start, strings, stringBytes, length);
        stringBytes += length;
        strings[stringBytes++] = 0;
    }

    private static byte[] ensure(byte[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, Math.max(length, array.length + array.length / 2));
    }
}

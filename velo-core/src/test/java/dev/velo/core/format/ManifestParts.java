package dev.velo.core.format;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A manifest taken apart, to be put together again with one thing wrong: lengths, counts and checksum are made to fit what the
 * sections have become, so that a defect is met by the check it is about and by no other before.
 */
final class ManifestParts {
    private static final StructLayout HEADER = ManifestFormat.HEADER;
    private static final StructLayout ENTRY = ManifestFormat.ENTRY;

    private final byte[] header;
    private final Map<String, Long> overridden = new LinkedHashMap<>();
    private byte[] entries;
    private byte[] digests;
    private byte[] owners;
    private byte[] attributes;
    private byte[] strings;

    ManifestParts(byte[] manifest) {
        header = Arrays.copyOf(manifest, ManifestFormat.HEADER_BYTES);
        int at = ManifestFormat.HEADER_BYTES;
        entries = Arrays.copyOfRange(manifest, at, at += count("entry_count") * ManifestFormat.ENTRY_BYTES);
        digests = Arrays.copyOfRange(manifest, at, at += count("blob_count") * Digest.BYTES);
        owners = Arrays.copyOfRange(manifest, at, at += count("owner_count") * ManifestFormat.OWNER_BYTES);
        attributes = Arrays.copyOfRange(manifest, at, at += count("attribute_bytes"));
        strings = Arrays.copyOfRange(manifest, at, manifest.length);
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The manifest with a checksum that fits its bytes again. */
    static byte[] sealed(byte[] manifest) {
        CRC32C crc = new CRC32C();
        crc.update(manifest, ManifestFormat.CHECKED_FROM, manifest.length - ManifestFormat.CHECKED_FROM);
        little(manifest).putInt(ManifestFormat.offset(HEADER, "crc32c"), (int) crc.getValue());
        return manifest;
    }

    private int count(String field) {
        return little(header).getInt(ManifestFormat.offset(HEADER, field));
    }

    /** A field of the header will have this value, whatever would fit. */
    ManifestParts header(String field, long value) {
        overridden.put(field, value);
        return this;
    }

    /** A field of an entry, of the width that the layout gives it. */
    ManifestParts entry(int entry, String field, long value) {
        put(little(entries), entry * ManifestFormat.ENTRY_BYTES, ENTRY, field, value);
        return this;
    }

    long field(int entry, String field) {
        return little(entries).getInt(entry * ManifestFormat.ENTRY_BYTES + ManifestFormat.offset(ENTRY, field));
    }

    /** The bytes of an entry's name, or what stands in their place. */
    ManifestParts name(int entry, String bytes) {
        int old = entries[entry * ManifestFormat.ENTRY_BYTES + ManifestFormat.offset(ENTRY, "name_length")] & 0xff;
        return string((int) field(entry, "name_offset"), old, bytes, entry, "name_length");
    }

    ManifestParts target(int entry, String bytes) {
        return string((int) field(entry, "ref"), (int) field(entry, "size"), bytes, entry, "size");
    }

    /** Puts these characters in the place of others; the strings behind move, and the entries know it. */
    private ManifestParts string(int at, int oldLength, String bytes, int owner, String lengthField) {
        byte[] inserted = bytes.getBytes(StandardCharsets.ISO_8859_1);
        int shift = inserted.length - oldLength;
        strings = concat(
                Arrays.copyOf(strings, at), inserted, Arrays.copyOfRange(strings, at + oldLength, strings.length));
        for (int entry = 0; entry < entries.length / ManifestFormat.ENTRY_BYTES; entry++) {
            move(entry, "name_offset", at, shift);
            if (little(entries).get(entry * ManifestFormat.ENTRY_BYTES + ManifestFormat.offset(ENTRY, "kind"))
                    == EntryKind.SYMLINK.code()) {
                move(entry, "ref", at, shift);
            }
        }
        return entry(owner, lengthField, inserted.length);
    }

    private void move(int entry, String field, int behind, int shift) {
        long offset = field(entry, field);
        if (offset > behind) {
            entry(entry, field, offset + shift);
        }
    }

    /** Writes a byte of the strings, counted from the end if negative. */
    ManifestParts stringByte(int at, int value) {
        strings[at < 0 ? strings.length + at : at] = (byte) value;
        return this;
    }

    ManifestParts strings(byte... more) {
        strings = concat(strings, more);
        return this;
    }

    ManifestParts digests(byte[] other) {
        digests = other;
        return this;
    }

    byte[] digests() {
        return digests.clone();
    }

    ManifestParts owners(int... pairs) {
        owners = new byte[pairs.length * Integer.BYTES];
        little(owners).asIntBuffer().put(pairs);
        return this;
    }

    ManifestParts attributes(byte[] other) {
        attributes = other;
        return this;
    }

    byte[] attributes() {
        return attributes.clone();
    }

    byte[] toBytes() {
        byte[] all = concat(header, entries, digests, owners, attributes, strings);
        ByteBuffer bytes = little(all);
        put(bytes, 0, HEADER, "total_length", all.length);
        put(bytes, 0, HEADER, "entry_count", entries.length / ManifestFormat.ENTRY_BYTES);
        put(bytes, 0, HEADER, "blob_count", digests.length / Digest.BYTES);
        put(bytes, 0, HEADER, "owner_count", owners.length / ManifestFormat.OWNER_BYTES);
        put(bytes, 0, HEADER, "attribute_bytes", attributes.length);
        put(bytes, 0, HEADER, "string_bytes", strings.length);
        overridden.forEach((field, value) -> put(bytes, 0, HEADER, field, value));
        return sealed(all);
    }

    private static void put(ByteBuffer bytes, int base, StructLayout layout, String field, long value) {
        int at = base + ManifestFormat.offset(layout, field);
        switch ((int)
                layout.select(MemoryLayout.PathElement.groupElement(field)).byteSize()) {
            case 1 -> bytes.put(at, (byte) value);
            case 2 -> bytes.putShort(at, (short) value);
            case 4 -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}

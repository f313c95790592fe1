package dev.velo.core.format;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A pack whose bytes can be changed, and whose checksums and id are made to fit again. */
final class PackParts {
    private final byte[] bytes;
    private final int footer;
    private final int index;

    PackParts(byte[] pack) {
        bytes = pack.clone();
        footer = bytes.length - PackFormat.FOOTER_BYTES;
        index = (int) ManifestParts.little(bytes).getLong(footer + footerField("index_offset"));
    }

    static int footerField(String field) {
        return PackFormat.offset(PackFormat.FOOTER, field);
    }

    static int entryField(String field) {
        return PackFormat.offset(PackFormat.INDEX_ENTRY, field);
    }

    ByteBuffer bytes() {
        return ManifestParts.little(bytes);
    }

    int header(String field) {
        return PackFormat.offset(PackFormat.HEADER, field);
    }

    int footer(String field) {
        return footer + footerField(field);
    }

    int indexOffset() {
        return index;
    }

    int entry(int number, String field) {
        return index + PackFormat.FAN_OUT_BYTES + number * PackFormat.INDEX_ENTRY_BYTES + entryField(field);
    }

    int fanOut(int bucket) {
        return index + bucket * Integer.BYTES;
    }

    PackParts setByte(int at, int value) {
        bytes[at] = (byte) value;
        return this;
    }

    PackParts setInt(int at, int value) {
        bytes().putInt(at, value);
        return this;
    }

    PackParts setLong(int at, long value) {
        bytes().putLong(at, value);
        return this;
    }

    /** From this bucket on, the fan-out table says so many entries. */
    PackParts fanOutFrom(int bucket, int count) {
        for (int i = bucket; i < PackFormat.FAN_OUT; i++) {
            setInt(fanOut(i), count);
        }
        return this;
    }

    PackParts swapEntries(int left, int right) {
        byte[] kept = Arrays.copyOfRange(bytes, entry(left, "digest"), entry(left + 1, "digest"));
        System.arraycopy(bytes, entry(right, "digest"), bytes, entry(left, "digest"), kept.length);
        System.arraycopy(kept, 0, bytes, entry(right, "digest"), kept.length);
        return this;
    }

    byte[] raw() {
        return bytes;
    }

    /** The pack with checksums and id that fit. */
    byte[] sealed() {
        setInt(header("crc32c"), crc(0, header("crc32c")));
        byte[] id = PackIndexBuilder.id(MemorySegment.ofArray(bytes).asSlice(index, footer - index));
        System.arraycopy(id, 0, bytes, footer("id"), id.length);
        setInt(footer("index_crc32c"), crc(index, footer));
        setInt(footer("crc32c"), crc(footer, footer("crc32c")));
        return bytes;
    }

    private int crc(int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}

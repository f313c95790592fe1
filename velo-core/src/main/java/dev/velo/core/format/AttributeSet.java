package dev.velo.core.format;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The extended attributes of one file, and their canonical bytes: a count, then name length, value length, name and value of each
 * attribute, names in unsigned byte order, numbers little-endian of 2, 2 and 4 bytes.
 */
public final class AttributeSet {
    private static final int MAX_ATTRIBUTES = 65535;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_VALUE_BYTES = 65536;
    private static final int COUNT_BYTES = 2;
    private static final int LENGTHS_BYTES = 6;

    /** One attribute; the arrays are shared, not copied. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; bytes in, bytes out
    public record Attribute(byte[] name, byte[] value) {}

    private AttributeSet() {}

    /** Whether a set of these attributes can be stored. */
    public static boolean isStorable(Collection<Attribute> attributes) {
        return attributes.size() <= MAX_ATTRIBUTES
                && attributes.stream()
                        .allMatch(attribute -> attribute.name().length >= 1
                                && attribute.name().length <= MAX_NAME_BYTES
                                && attribute.value().length <= MAX_VALUE_BYTES
                                && isName(attribute.name(), 0, attribute.name().length));
    }

    /** The canonical bytes of these attributes. */
    public static byte[] encode(Collection<Attribute> attributes) {
        List<Attribute> sorted = new ArrayList<>(attributes);
        sorted.sort(Comparator.comparing(Attribute::name, Arrays::compareUnsigned));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        little(out, sorted.size(), COUNT_BYTES);
        for (Attribute attribute : sorted) {
            little(out, attribute.name().length, 2);
            little(out, attribute.value().length, 4);
            out.writeBytes(attribute.name());
            out.writeBytes(attribute.value());
        }
        return out.toByteArray();
    }

    /** The attributes that these canonical bytes stand for, as {@link #encode} has made them. */
    public static List<Attribute> decode(byte[] encoded) {
        return decode(encoded, 0);
    }

    /** The attributes whose canonical bytes begin at this offset of an array that {@link #lengthAt} has accepted. */
    static List<Attribute> decode(byte[] bytes, int offset) {
        int count = little(bytes, offset, COUNT_BYTES);
        int at = offset + COUNT_BYTES;
        List<Attribute> attributes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int name = at + LENGTHS_BYTES;
            int value = name + little(bytes, at, 2);
            int end = value + little(bytes, at + 2, 4);
            attributes.add(
                    new Attribute(Arrays.copyOfRange(bytes, name, value), Arrays.copyOfRange(bytes, value, end)));
            at = end;
        }
        return attributes;
    }

    /** The length of the canonical bytes that begin at this offset, or -1 if what stands there is not an attribute set. */
    static int lengthAt(byte[] bytes, int offset) {
        if (offset < 0 || bytes.length - offset < COUNT_BYTES) {
            return -1;
        }
        int count = little(bytes, offset, COUNT_BYTES);
        int at = offset + COUNT_BYTES;
        int previous = -1;
        int previousLength = 0;
        for (int i = 0; i < count; i++) {
            if (bytes.length - at < LENGTHS_BYTES) {
                return -1;
            }
            int nameLength = little(bytes, at, 2);
            int valueLength = little(bytes, at + 2, 4);
            int name = at + LENGTHS_BYTES;
            boolean sized = nameLength >= 1
                    && nameLength <= MAX_NAME_BYTES
                    && valueLength >= 0
                    && valueLength <= MAX_VALUE_BYTES;
            if (!sized || bytes.length - name < nameLength + valueLength || !isName(bytes, name, nameLength)) {
                return -1;
            }
            if (previous >= 0
                    && Arrays.compareUnsigned(
                                    bytes, previous, previous + previousLength, bytes, name, name + nameLength)
                            >= 0) {
                return -1;
            }
            previous = name;
            previousLength = nameLength;
            at = name + nameLength + valueLength;
        }
        return count == 0 || count > MAX_ATTRIBUTES ? -1 : at - offset;
    }

    private static boolean isName(byte[] bytes, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private static void little(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write(value >>> (8 * i));
        }
    }

    private static int little(byte[] bytes, int offset, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[offset + i] & 0xff) << (8 * i);
        }
        return value;
    }
}

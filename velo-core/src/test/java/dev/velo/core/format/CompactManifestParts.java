package dev.velo.core.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A compact manifest put together as the page says, with nothing of what writes them: what is deflated is one stored block, so that the
 * bytes are the same whoever makes them. Each part can be made wrong; lengths and checksum fit what the parts have become.
 */
final class CompactManifestParts {
    private static final int HEADER = 96;
    private static final int CRC = 12;
    private static final int MANIFEST = 32;

    private byte[] manifestHeader;
    private byte[] entries;
    private byte[] digests;
    private byte[] rest;
    private int version = 1;
    private long entryBytes = -2;

    CompactManifestParts(byte[] manifest) {
        ByteBuffer words = ManifestParts.little(manifest);
        int digestsAt = 64 + 40 * words.getInt(24);
        int restAt = digestsAt + 32 * words.getInt(28);
        manifestHeader = Arrays.copyOf(manifest, 64);
        entries = stored(columns(Arrays.copyOfRange(manifest, 64, digestsAt)));
        digests = Arrays.copyOfRange(manifest, digestsAt, restAt);
        rest = stored(Arrays.copyOfRange(manifest, restAt, manifest.length));
    }

    /** One deflate block that is the last, of bytes as they are. */
    static byte[] stored(byte[] bytes) {
        int length = bytes.length;
        byte[] head = {1, (byte) length, (byte) (length >> 8), (byte) ~length, (byte) (~length >> 8)};
        return ManifestParts.concat(head, bytes);
    }

    /** Fewer entries than a block has. */
    static byte[] columns(byte[] entries) {
        int count = entries.length / 40;
        ByteBuffer words = ManifestParts.little(entries.clone());
        int string = 0;
        int blob = 0;
        int child = 1;
        for (int at = 0; at < entries.length; at += 40) {
            int kind = words.get(at + 5);
            long size = words.getLong(at + 24);
            int expected = 0;
            words.putInt(at, words.getInt(at) - string);
            string += (words.get(at + 4) & 0xff) + 1;
            if (kind == 1 && size == 0) {
                expected = -1;
            } else if (kind == 1) {
                expected = blob;
                blob += words.getInt(at + 32) == blob ? 1 : 0;
            } else if (kind == 2) {
                expected = child;
                child += (int) size;
            } else if (kind == 3) {
                expected = string;
                string += (int) size + 1;
            }
            words.putInt(at + 32, words.getInt(at + 32) - expected);
        }
        ByteArrayOutputStream columns = new ByteArrayOutputStream();
        for (int column = 0; column < 40; column++) {
            for (int entry = 0; entry < count; entry++) {
                columns.write(words.get(entry * 40 + column));
            }
        }
        return columns.toByteArray();
    }

    CompactManifestParts version(int other) {
        version = other;
        return this;
    }

    CompactManifestParts entryBytes(long other) {
        entryBytes = other;
        return this;
    }

    /** A number in the manifest's header, of eight bytes there. */
    CompactManifestParts manifestLong(int at, long value) {
        ManifestParts.little(manifestHeader).putLong(at, value);
        return this;
    }

    CompactManifestParts manifestInt(int at, int value) {
        ManifestParts.little(manifestHeader).putInt(at, value);
        return this;
    }

    CompactManifestParts entries(byte[] deflated) {
        entries = deflated;
        return this;
    }

    byte[] entries() {
        return entries.clone();
    }

    CompactManifestParts rest(byte[] deflated) {
        rest = deflated;
        return this;
    }

    byte[] rest() {
        return rest.clone();
    }

    byte[] toBytes() {
        byte[] all = ManifestParts.concat(new byte[HEADER], entries, digests, rest);
        ByteBuffer bytes = ManifestParts.little(all);
        bytes.put(0, "VELOCOMP".getBytes(StandardCharsets.US_ASCII));
        bytes.putInt(8, version);
        bytes.putLong(16, all.length);
        bytes.putLong(24, entryBytes == -2 ? entries.length : entryBytes);
        bytes.put(MANIFEST, manifestHeader);
        return sealed(all);
    }

    /** With a checksum that fits its bytes again. */
    static byte[] sealed(byte[] all) {
        if (all.length >= HEADER) {
            CRC32C crc = new CRC32C();
            crc.update(all, HEADER, all.length - HEADER);
            crc.update(all, CRC + Integer.BYTES, HEADER - CRC - Integer.BYTES);
            ManifestParts.little(all).putInt(CRC, (int) crc.getValue());
        }
        return all;
    }
}

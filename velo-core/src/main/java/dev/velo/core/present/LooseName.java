package dev.velo.core.present;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The names of loose inodes: {@code dd/digest-mode-seconds.nanos}, then where needed {@code -o} user and group, {@code -a} a hash of
 * the attributes it has, {@code -c} the number of the copy; all in hexadecimal but the mode, which is octal. For one thread.
 *
 * <p>A tree that holds one blob at several places with a link count of one needs as many inodes, or programs that compare inode
 * numbers would take two files for one; the copy's number tells them apart.
 */
final class LooseName {
    private static final int CAPACITY = 256;
    private static final byte[] HEX = PathBytes.of("0123456789abcdef");

    private final Manifest manifest;
    private final MetadataPolicy metadata;
    private final byte[] digests;
    private final byte[] text = new byte[CAPACITY];
    private final MemorySegment memory = Arena.ofAuto().allocate(CAPACITY);
    private final Map<Integer, String> attributeHashes = new HashMap<>();
    private int length;

    LooseName(Manifest manifest, MetadataPolicy metadata) {
        this.manifest = manifest;
        this.metadata = metadata;
        this.digests = manifest.digestBytes();
    }

    /** The address of the name as a C string, valid until the next call. */
    long put(int entry, int mode, int copy) {
        write(entry, mode, copy);
        text[length] = 0;
        MemorySegment.copy(text, 0, memory, ValueLayout.JAVA_BYTE, 0, length + 1);
        return memory.address();
    }

    byte[] bytes(int entry, int mode, int copy) {
        write(entry, mode, copy);
        return Arrays.copyOf(text, length);
    }

    /** The name of the directory that the inode stands in. */
    byte[] folder(int entry) {
        byte first = digests[manifest.blob(entry) * Digest.BYTES];
        return new byte[] {HEX[first >>> 4 & 15], HEX[first & 15]};
    }

    private void write(int entry, int mode, int copy) {
        length = 0;
        int digest = manifest.blob(entry) * Digest.BYTES;
        for (int i = 0; i < Digest.BYTES; i++) {
            byte value = digests[digest + i];
            text[length++] = HEX[value >>> 4 & 15];
            text[length++] = HEX[value & 15];
            if (i == 0) {
                text[length++] = '/';
            }
        }
        text[length++] = '-';
        for (int shift = 9; shift >= 0; shift -= 3) {
            text[length++] = HEX[mode >>> shift & 7];
        }
        text[length++] = '-';
        hex(manifest.mtimeSeconds(entry));
        text[length++] = '.';
        hex(manifest.mtimeNanos(entry));
        if (metadata.keepsOwner(manifest, entry)) {
            letters("-o");
            hex(Integer.toUnsignedLong(manifest.uid(entry)));
            text[length++] = '.';
            hex(Integer.toUnsignedLong(manifest.gid(entry)));
        }
        if (manifest.hasAttributes(entry)) {
            letters(attributeHashes.computeIfAbsent(manifest.attributesId(entry), id -> attributes(entry)));
        }
        if (copy > 0) {
            letters("-c");
            hex(copy);
        }
    }

    /** Of the attributes that the inode really has: it is not the one of a tree whose others are trusted. */
    private String attributes(int entry) {
        List<AttributeSet.Attribute> real = metadata.attributes(manifest, entry);
        if (real.isEmpty()) {
            return "";
        }
        byte[] hash = Hashing.sha256().digest(AttributeSet.encode(real));
        return "-a" + HexFormat.of().formatHex(hash, 0, 8);
    }

    private void letters(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            text[length++] = (byte) letters.charAt(i);
        }
    }

    private void hex(long value) {
        int digits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            text[length++] = HEX[(int) (value >>> shift) & 15];
        }
    }
}

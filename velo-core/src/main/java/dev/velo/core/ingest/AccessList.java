package dev.velo.core.ingest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The value of a {@code system.posix_acl_*} attribute. Source: {@code linux/posix_acl_xattr.h}. Changes the array that it is given. */
final class AccessList {
    private static final int HEADER_BYTES = 4;
    private static final int ENTRY_BYTES = 8;
    private static final int PERMISSIONS = 2;
    private static final int ID = 4;
    private static final short USER_OBJ = 0x01;
    private static final short USER = 0x02;
    private static final short GROUP = 0x08;
    private static final int OWNER_SHIFT = 6;
    private static final int RWX = 7;

    private final byte[] value;
    private final ByteBuffer entries;

    AccessList(byte[] value) {
        this.value = value;
        this.entries = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Changes the ids to those inside; returns false if one has none. */
    boolean translate(IdMap users, IdMap groups) {
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= value.length; at += ENTRY_BYTES) {
            short tag = entries.getShort(at);
            if (tag == USER || tag == GROUP) {
                long inside = (tag == USER ? users : groups).inside(entries.getInt(at + ID));
                if (inside == IdMap.NONE) {
                    return false;
                }
                entries.putInt(at + ID, (int) inside);
            }
        }
        return true;
    }

    /** The bytes, with the owner's permissions as these of a file: the kernel keeps them alike. */
    byte[] withOwnerPermissions(int mode) {
        for (int at = HEADER_BYTES; at + ENTRY_BYTES <= value.length; at += ENTRY_BYTES) {
            if (entries.getShort(at) == USER_OBJ) {
                entries.putShort(at + PERMISSIONS, (short) (mode >> OWNER_SHIFT & RWX));
            }
        }
        return value;
    }

    byte[] bytes() {
        return value;
    }
}

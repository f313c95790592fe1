package dev.velo.core.view;

import static dev.velo.core.format.ErofsFormat.offset;

import dev.velo.core.format.ErofsFormat;

/** Offsets of the fields that are read or written by the million, so that no layout is asked each time. */
final class Fields {
    static final int COMPACT_FORMAT = offset(ErofsFormat.COMPACT_INODE, "i_format");
    static final int COMPACT_XATTR_COUNT = offset(ErofsFormat.COMPACT_INODE, "i_xattr_icount");
    static final int COMPACT_MODE = offset(ErofsFormat.COMPACT_INODE, "i_mode");
    static final int COMPACT_LINKS = offset(ErofsFormat.COMPACT_INODE, "i_nlink");
    static final int COMPACT_SIZE = offset(ErofsFormat.COMPACT_INODE, "i_size");
    static final int COMPACT_MTIME = offset(ErofsFormat.COMPACT_INODE, "i_mtime");
    static final int COMPACT_UNION = offset(ErofsFormat.COMPACT_INODE, "i_u");
    static final int COMPACT_INO = offset(ErofsFormat.COMPACT_INODE, "i_ino");
    static final int COMPACT_UID = offset(ErofsFormat.COMPACT_INODE, "i_uid");
    static final int COMPACT_GID = offset(ErofsFormat.COMPACT_INODE, "i_gid");

    static final int EXTENDED_FORMAT = offset(ErofsFormat.EXTENDED_INODE, "i_format");
    static final int EXTENDED_XATTR_COUNT = offset(ErofsFormat.EXTENDED_INODE, "i_xattr_icount");
    static final int EXTENDED_MODE = offset(ErofsFormat.EXTENDED_INODE, "i_mode");
    static final int EXTENDED_SIZE = offset(ErofsFormat.EXTENDED_INODE, "i_size");
    static final int EXTENDED_UNION = offset(ErofsFormat.EXTENDED_INODE, "i_u");
    static final int EXTENDED_INO = offset(ErofsFormat.EXTENDED_INODE, "i_ino");
    static final int EXTENDED_UID = offset(ErofsFormat.EXTENDED_INODE, "i_uid");
    static final int EXTENDED_GID = offset(ErofsFormat.EXTENDED_INODE, "i_gid");
    static final int EXTENDED_MTIME = offset(ErofsFormat.EXTENDED_INODE, "i_mtime");
    static final int EXTENDED_MTIME_NANOS = offset(ErofsFormat.EXTENDED_INODE, "i_mtime_nsec");
    static final int EXTENDED_LINKS = offset(ErofsFormat.EXTENDED_INODE, "i_nlink");

    static final int CHUNK_DEVICE = offset(ErofsFormat.CHUNK_INDEX, "device_id");
    static final int CHUNK_BLOCK = offset(ErofsFormat.CHUNK_INDEX, "startblk");

    static final int DIRENT_NODE = offset(ErofsFormat.DIRENT, "nid");
    static final int DIRENT_NAME = offset(ErofsFormat.DIRENT, "nameoff");
    static final int DIRENT_TYPE = offset(ErofsFormat.DIRENT, "file_type");

    private Fields() {}
}

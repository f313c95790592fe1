package dev.velo.core.view;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.ffm.Statx;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The inodes of a mapped image, read in place. Every number that the image holds is checked before it is followed, so that a damaged
 * or hostile image ends in a {@link FormatException}. Safe for any number of threads while the mapping lives.
 */
final class ImageNodes implements LinkedTree {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int MAX_TARGET_BYTES = 4095;

    private final String file;
    private final MemorySegment bytes;
    private final ImageHeader header;
    private final long end;

    /** @param bytes the image's part that the kernel reads */
    ImageNodes(String file, MemorySegment bytes, ImageHeader header) {
        this.file = file;
        this.bytes = bytes;
        this.header = header;
        this.end = bytes.byteSize();
    }

    @Override
    public int root() {
        return header.rootNode();
    }

    /** Where an inode stands, known to be inside the image as a whole. */
    long at(int node) throws FormatException {
        long offset = header.metadataOffset() + (Integer.toUnsignedLong(node) << ErofsFormat.SLOT_SHIFT);
        if (node < 0 || offset > end - ErofsFormat.COMPACT_BYTES) {
            throw fault(offset, Reason.OUT_OF_BOUNDS, "node " + Integer.toUnsignedLong(node));
        }
        if (isExtended(offset) && offset > end - ErofsFormat.EXTENDED_BYTES) {
            throw fault(offset, Reason.OUT_OF_BOUNDS, "node " + node);
        }
        return offset;
    }

    private boolean isExtended(long inode) {
        return (bytes.get(SHORT, inode) & 1) != 0;
    }

    private int dataLayout(long inode) {
        return bytes.get(SHORT, inode + Fields.COMPACT_FORMAT) >>> 1 & 7;
    }

    int mode(int node) throws FormatException {
        return bytes.get(SHORT, at(node) + Fields.COMPACT_MODE) & 0xffff;
    }

    @Override
    public EntryKind kind(int node) throws FormatException {
        long inode = at(node);
        int mode = bytes.get(SHORT, inode + Fields.COMPACT_MODE) & 0xffff;
        return switch (mode & Statx.S_IFMT) {
            case Statx.S_IFREG -> EntryKind.FILE;
            case Statx.S_IFDIR -> EntryKind.DIRECTORY;
            case Statx.S_IFLNK -> EntryKind.SYMLINK;
            case Statx.S_IFCHR -> EntryKind.CHARACTER_DEVICE;
            case Statx.S_IFBLK -> EntryKind.BLOCK_DEVICE;
            case Statx.S_IFIFO -> EntryKind.FIFO;
            default -> throw fault(inode, Reason.BAD_KIND, "mode " + Integer.toOctalString(mode));
        };
    }

    /** As the image has it: for a directory the bytes of its list. */
    long size(int node) throws FormatException {
        long inode = at(node);
        long size = isExtended(inode)
                ? bytes.get(LONG, inode + Fields.EXTENDED_SIZE)
                : Integer.toUnsignedLong(bytes.get(INT, inode + Fields.COMPACT_SIZE));
        if (size < 0) {
            throw fault(inode, Reason.BAD_LENGTH, "size " + size);
        }
        return size;
    }

    long mtimeSeconds(int node) throws FormatException {
        long inode = at(node);
        return isExtended(inode)
                ? bytes.get(LONG, inode + Fields.EXTENDED_MTIME)
                : header.baseSeconds() + Integer.toUnsignedLong(bytes.get(INT, inode + Fields.COMPACT_MTIME));
    }

    int mtimeNanos(int node) throws FormatException {
        long inode = at(node);
        int nanos = isExtended(inode) ? bytes.get(INT, inode + Fields.EXTENDED_MTIME_NANOS) : header.baseNanos();
        if (nanos < 0 || nanos > 999_999_999) {
            throw fault(inode, Reason.BAD_LENGTH, "nanoseconds " + nanos);
        }
        return nanos;
    }

    int uid(int node) throws FormatException {
        long inode = at(node);
        return isExtended(inode)
                ? bytes.get(INT, inode + Fields.EXTENDED_UID)
                : bytes.get(SHORT, inode + Fields.COMPACT_UID) & 0xffff;
    }

    int gid(int node) throws FormatException {
        long inode = at(node);
        return isExtended(inode)
                ? bytes.get(INT, inode + Fields.EXTENDED_GID)
                : bytes.get(SHORT, inode + Fields.COMPACT_GID) & 0xffff;
    }

    int linkCount(int node) throws FormatException {
        long inode = at(node);
        return isExtended(inode)
                ? bytes.get(INT, inode + Fields.EXTENDED_LINKS)
                : bytes.get(SHORT, inode + Fields.COMPACT_LINKS) & 0xffff;
    }

    /** A file's place in the table of digests, counted from 1; 0 for what has no bytes. */
    int ordinal(int node) throws FormatException {
        long inode = at(node);
        return bytes.get(INT, inode + (isExtended(inode) ? Fields.EXTENDED_INO : Fields.COMPACT_INO));
    }

    private int union(long inode) {
        return bytes.get(INT, inode + (isExtended(inode) ? Fields.EXTENDED_UNION : Fields.COMPACT_UNION));
    }

    /** Major number in the high half, minor in the low one. */
    long device(int node) throws FormatException {
        return ErofsFormat.decodeDevice(union(at(node)));
    }

    private int xattrBytes(long inode) {
        return XattrBody.bytes(bytes.get(SHORT, inode + Fields.COMPACT_XATTR_COUNT) & 0xffff);
    }

    private long behindInode(long inode) {
        return inode + (isExtended(inode) ? ErofsFormat.EXTENDED_BYTES : ErofsFormat.COMPACT_BYTES);
    }

    List<AttributeSet.Attribute> attributes(int node) throws FormatException {
        long inode = at(node);
        int length = xattrBytes(inode);
        long start = behindInode(inode);
        List<AttributeSet.Attribute> attributes = XattrBody.decode(copy(start, length));
        if (attributes == null) {
            throw fault(start, Reason.OUT_OF_BOUNDS, "extended attributes");
        }
        return attributes;
    }

    @Override
    public byte[] target(int link) throws FormatException {
        long size = size(link);
        if (size > MAX_TARGET_BYTES) {
            throw fault(at(link), Reason.BAD_LENGTH, "link target of " + size + " bytes");
        }
        byte[] target = contents(link, 0, (int) size);
        for (byte b : target) {
            if (b == 0) {
                throw fault(at(link), Reason.BAD_NAME, "a NUL in a link's target");
            }
        }
        return target;
    }

    /** The bytes of a part of a directory or link, which must lie within one block if it is long. */
    private byte[] contents(int node, long from, int length) throws FormatException {
        byte[] joined = new byte[length];
        int done = 0;
        while (done < length) {
            long at = from + done;
            int part = (int) Math.min(length - done, header.blockBytes() - at % header.blockBytes());
            long place = place(node, at, part);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, place, joined, done, part);
            done += part;
        }
        return joined;
    }

    /** Where in the image the bytes of a directory or link from this position on stand, as far as its block goes. */
    long place(int node, long position, int length) throws FormatException {
        long inode = at(node);
        int layout = dataLayout(inode);
        if (layout != ErofsFormat.LAYOUT_PLAIN && layout != ErofsFormat.LAYOUT_INLINE) {
            throw fault(inode, Reason.INCONSISTENT, "layout " + layout + " of a directory or link");
        }
        long size = size(node);
        long full = layout == ErofsFormat.LAYOUT_INLINE ? size - size % header.blockBytes() : Long.MAX_VALUE;
        long place = position >= full
                ? behindInode(inode) + xattrBytes(inode) + (position - full)
                : (Integer.toUnsignedLong(union(inode)) << header.blockShift()) + position;
        if (place > end - length || position + length > size) {
            throw fault(inode, Reason.OUT_OF_BOUNDS, "contents at byte " + place);
        }
        return place;
    }

    @Override
    public int child(int directory, byte[] path, int start, int length) throws FormatException {
        return new DirectorySearch(this, directory).find(path, start, length);
    }

    @Override
    public int parent(int directory) throws FormatException {
        byte[] dots = {'.', '.'};
        int parent = child(directory, dots, 0, 2);
        if (parent == NONE) {
            throw fault(at(directory), Reason.INCONSISTENT, "a directory without ..");
        }
        return parent;
    }

    /** The chunk format of a file that has bytes: the logarithm of a chunk's bytes. */
    int chunkShift(int file) throws FormatException {
        long inode = at(file);
        int format = union(inode);
        int shift = (format & ErofsFormat.CHUNK_BITS) + header.blockShift();
        boolean known = dataLayout(inode) == ErofsFormat.LAYOUT_CHUNKED
                && (format & ~ErofsFormat.CHUNK_BITS) == ErofsFormat.CHUNK_INDEXES;
        if (!known) {
            throw fault(inode, Reason.INCONSISTENT, "chunk format " + Integer.toHexString(format));
        }
        return shift;
    }

    /** One chunk index of a file: hole, or device and block. */
    long chunk(int file, long number) throws FormatException {
        long at = chunkOffset(file, number);
        if (number < 0 || number > Integer.MAX_VALUE || at > end - ErofsFormat.CHUNK_INDEX_BYTES) {
            throw fault(at, Reason.OUT_OF_BOUNDS, "chunk " + number);
        }
        return bytes.get(LONG, at);
    }

    /** Where a chunk index stands, or would stand. */
    long chunkOffset(int file, long number) throws FormatException {
        long inode = at(file);
        long start = behindInode(inode) + xattrBytes(inode);
        long aligned = (start + ErofsFormat.CHUNK_INDEX_BYTES - 1) & -ErofsFormat.CHUNK_INDEX_BYTES;
        return aligned + number * ErofsFormat.CHUNK_INDEX_BYTES;
    }

    byte[] copy(long start, int length) throws FormatException {
        if (start > end - length) {
            throw fault(start, Reason.OUT_OF_BOUNDS, length + " bytes");
        }
        byte[] copy = new byte[length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, start, copy, 0, length);
        return copy;
    }

    MemorySegment bytes() {
        return bytes;
    }

    ImageHeader header() {
        return header;
    }

    FormatException fault(long offset, Reason reason, String detail) {
        return new FormatException(file, offset, reason, detail);
    }
}

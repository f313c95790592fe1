package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.Manifest;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/** Writes the part of an image that the kernel reads: the second of two passes, from front to back. */
final class ImageWriter {
    private static final int EXTENDED = 1;

    private final Manifest manifest;
    private final InodeFacts facts;
    private final BlobPlaces places;
    private final ImageLayout layout;
    private final ImageOutput out;
    private final DirectoryBlocks blocks;
    private final int[] parents;

    ImageWriter(Manifest manifest, InodeFacts facts, BlobPlaces places, ImageLayout layout, ImageOutput out) {
        this.manifest = manifest;
        this.facts = facts;
        this.places = places;
        this.layout = layout;
        this.out = out;
        this.blocks = new DirectoryBlocks(manifest, facts, layout.blockBytes());
        this.parents = manifest.parents();
    }

    /** @param uuid 16 bytes that tell this image from every other */
    void write(byte[] uuid) throws IOException {
        out.putBytes(new Superblock(layout, places, facts, uuid).toBytes());
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (layout.node(entry) != ImageLayout.NO_NODE && manifest.kind(entry) != EntryKind.HARD_LINK) {
                inode(entry);
            }
        }
        out.padTo(layout.metadataOffset() + layout.metadataBytes());
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (layout.dataBlock(entry) != ErofsFormat.NO_BLOCK) {
                data(entry);
            }
        }
        out.padTo(layout.erofsBytes());
    }

    private void inode(int entry) throws IOException {
        out.padTo(layout.metadataOffset() + ((long) layout.node(entry) << ErofsFormat.SLOT_SHIFT));
        long start = out.position();
        boolean compact = facts.isCompact(entry, layout.size(entry));
        byte[] attributes = facts.attributeBody(entry);
        if (compact) {
            compact(entry, attributes);
        } else {
            extended(entry, attributes);
        }
        out.putBytes(attributes);
        switch (manifest.kind(entry)) {
            case FILE -> {
                if (manifest.blob(entry) >= 0) {
                    out.padTo(start + ImageLayout.aligned((int) (out.position() - start)));
                    chunks(entry);
                }
            }
            case DIRECTORY, SYMLINK -> {
                if (layout.isInline(entry)) {
                    tail(entry);
                }
            }
            default -> {}
        }
    }

    private void compact(int entry, byte[] attributes) throws IOException {
        int at = out.begin(ErofsFormat.COMPACT_BYTES);
        out.putShort(at + Fields.COMPACT_FORMAT, format(entry, 0));
        out.putShort(at + Fields.COMPACT_XATTR_COUNT, XattrBody.count(attributes));
        out.putShort(at + Fields.COMPACT_MODE, facts.mode(entry));
        out.putShort(at + Fields.COMPACT_LINKS, facts.linkCount(entry));
        out.putInt(at + Fields.COMPACT_SIZE, (int) layout.size(entry));
        out.putInt(at + Fields.COMPACT_UNION, union(entry));
        out.putInt(at + Fields.COMPACT_INO, ordinal(entry));
        out.putShort(at + Fields.COMPACT_UID, facts.uid(entry));
        out.putShort(at + Fields.COMPACT_GID, facts.gid(entry));
    }

    private void extended(int entry, byte[] attributes) throws IOException {
        int at = out.begin(ErofsFormat.EXTENDED_BYTES);
        out.putShort(at + Fields.EXTENDED_FORMAT, format(entry, EXTENDED));
        out.putShort(at + Fields.EXTENDED_XATTR_COUNT, XattrBody.count(attributes));
        out.putShort(at + Fields.EXTENDED_MODE, facts.mode(entry));
        out.putLong(at + Fields.EXTENDED_SIZE, layout.size(entry));
        out.putInt(at + Fields.EXTENDED_UNION, union(entry));
        out.putInt(at + Fields.EXTENDED_INO, ordinal(entry));
        out.putInt(at + Fields.EXTENDED_UID, facts.uid(entry));
        out.putInt(at + Fields.EXTENDED_GID, facts.gid(entry));
        out.putLong(at + Fields.EXTENDED_MTIME, manifest.mtimeSeconds(entry));
        out.putInt(at + Fields.EXTENDED_MTIME_NANOS, manifest.mtimeNanos(entry));
        out.putInt(at + Fields.EXTENDED_LINKS, facts.linkCount(entry));
    }

    private int format(int entry, int extended) {
        int data = switch (manifest.kind(entry)) {
            case FILE -> manifest.blob(entry) < 0 ? ErofsFormat.LAYOUT_PLAIN : ErofsFormat.LAYOUT_CHUNKED;
            case DIRECTORY, SYMLINK -> layout.isInline(entry) ? ErofsFormat.LAYOUT_INLINE : ErofsFormat.LAYOUT_PLAIN;
            default -> ErofsFormat.LAYOUT_PLAIN;
        };
        return extended | data << 1;
    }

    /** The field whose meaning depends on the kind: chunk format, first block, or device number. */
    private int union(int entry) {
        return switch (manifest.kind(entry)) {
            case FILE ->
                manifest.blob(entry) < 0
                        ? ErofsFormat.NO_BLOCK
                        : ErofsFormat.CHUNK_INDEXES | layout.chunkShift(manifest.blob(entry));
            case DIRECTORY, SYMLINK -> {
                int block = layout.dataBlock(entry);
                yield block == ErofsFormat.NO_BLOCK ? block : firstDataBlock() + block;
            }
            case CHARACTER_DEVICE, BLOCK_DEVICE -> {
                long device = manifest.device(entry);
                yield ErofsFormat.encodeDevice((int) (device >>> 32), (int) device);
            }
            default -> 0;
        };
    }

    /** A file's place in the table of digests, counted from 1; 0 for what has no bytes. */
    private int ordinal(int entry) {
        return manifest.kind(entry) == EntryKind.FILE ? manifest.blob(entry) + 1 : 0;
    }

    private int firstDataBlock() {
        return (int) ((layout.metadataOffset() + layout.metadataBytes()) >>> layout.blockShift());
    }

    private void chunks(int entry) throws IOException {
        int blob = manifest.blob(entry);
        long count = layout.chunkCount(blob);
        BitSet data = count == 1 ? null : places.dataChunks(blob, layout.chunkBytes(blob));
        for (int chunk = 0; chunk < count; chunk++) {
            int at = out.begin(ErofsFormat.CHUNK_INDEX_BYTES);
            if (data != null && !data.get(chunk)) {
                out.putLong(at, ErofsFormat.HOLE);
                continue;
            }
            long offset = places.offset(blob) + chunk * layout.chunkBytes(blob);
            out.putShort(at + Fields.CHUNK_DEVICE, places.device(blob));
            out.putInt(at + Fields.CHUNK_BLOCK, (int) (offset >>> layout.blockShift()));
        }
    }

    private void tail(int entry) throws IOException {
        if (manifest.kind(entry) == EntryKind.SYMLINK) {
            byte[] target = manifest.target(entry);
            int start = target.length / layout.blockBytes() * layout.blockBytes();
            out.putBytes(Arrays.copyOfRange(target, start, target.length));
        } else {
            blocks.of(entry);
            directoryBlock(entry, blocks.blockCount() - 1);
        }
    }

    private void data(int entry) throws IOException {
        long start = layout.metadataOffset()
                + layout.metadataBytes()
                + ((long) layout.dataBlock(entry) << layout.blockShift());
        out.padTo(start);
        if (manifest.kind(entry) == EntryKind.SYMLINK) {
            byte[] target = manifest.target(entry);
            int length =
                    layout.isInline(entry) ? target.length / layout.blockBytes() * layout.blockBytes() : target.length;
            out.putBytes(Arrays.copyOf(target, length));
            return;
        }
        blocks.of(entry);
        int count = layout.isInline(entry) ? blocks.blockCount() - 1 : blocks.blockCount();
        for (int block = 0; block < count; block++) {
            out.padTo(start + ((long) block << layout.blockShift()));
            directoryBlock(entry, block);
        }
    }

    /** A table of entries, then their names. */
    private void directoryBlock(int directory, int block) throws IOException {
        int name = (blocks.end(block) - blocks.start(block)) * ErofsFormat.DIRENT_BYTES;
        for (int i = blocks.start(block); i < blocks.end(block); i++) {
            int member = blocks.member(i);
            int entry = member == DirectoryBlocks.IS_SELF
                    ? directory
                    : member == DirectoryBlocks.IS_PARENT ? parents[directory] : member;
            int inode = manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
            int at = out.begin(ErofsFormat.DIRENT_BYTES);
            out.putLong(at + Fields.DIRENT_NODE, layout.node(inode));
            out.putShort(at + Fields.DIRENT_NAME, name);
            out.putByte(at + Fields.DIRENT_TYPE, ErofsFormat.fileType(manifest.kind(inode)));
            name += blocks.nameLength(member);
        }
        for (int i = blocks.start(block); i < blocks.end(block); i++) {
            out.putBytes(blocks.name(blocks.member(i)));
        }
    }
}

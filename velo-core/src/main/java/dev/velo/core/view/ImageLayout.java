package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.Manifest;
import java.io.IOException;
import java.util.Arrays;

/**
 * Where everything in an image stands: the first of two passes. Inodes come in the order of the manifest, which is breadth first, so
 * that the children of a directory are neighbours.
 */
final class ImageLayout {
    /** The node of an entry that is left out. */
    static final int NO_NODE = -1;

    /** More chunks than this would make the image grow with the length of files. */
    private static final long MAX_CHUNKS = 1 << 16;

    private static final long MIN_SPARSE_CHUNK_BYTES = 64 << 10;

    private final Manifest manifest;
    private final InodeFacts facts;
    private final BlobPlaces places;
    private final int blockShift;
    private final int blockBytes;
    private final int[] nodes;
    private final int[] dataBlocks;
    private final int[] listSizes;
    private final byte[] chunkShifts;
    /** Node 0 stays free: libc takes a name with inode number 0 for a deleted one, and would list neither the root's dots nor ".." of its children. */
    private long metadataBytes = ErofsFormat.SLOT_BYTES;

    private int dataBlockCount;
    private int inodeCount;

    ImageLayout(Manifest manifest, InodeFacts facts, BlobPlaces places, int blockShift) throws IOException {
        this.manifest = manifest;
        this.facts = facts;
        this.places = places;
        this.blockShift = blockShift;
        this.blockBytes = 1 << blockShift;
        int count = manifest.entryCount();
        this.nodes = new int[count];
        this.dataBlocks = new int[count];
        this.listSizes = new int[count];
        this.chunkShifts = new byte[manifest.blobCount()];
        Arrays.fill(chunkShifts, (byte) -1);
        Arrays.fill(nodes, NO_NODE);
        Arrays.fill(dataBlocks, ErofsFormat.NO_BLOCK);
        place();
    }

    private void place() throws IOException {
        DirectoryBlocks blocks = new DirectoryBlocks(manifest, facts, blockBytes);
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            EntryKind kind = manifest.kind(entry);
            if (facts.isLeftOut(entry)) {
                continue;
            }
            switch (kind) {
                case HARD_LINK -> nodes[entry] = nodes[manifest.primary(entry)];
                case FILE -> file(entry);
                case DIRECTORY -> {
                    blocks.of(entry);
                    if (blocks.size() > Integer.MAX_VALUE) {
                        throw tooLarge("a directory");
                    }
                    listSizes[entry] = (int) blocks.size();
                    packed(entry, blocks.size());
                }
                case SYMLINK -> packed(entry, manifest.size(entry));
                default -> node(entry, head(entry, 0), 0);
            }
        }
        metadataBytes = (metadataBytes + blockBytes - 1) & -blockBytes;
    }

    private void file(int entry) throws IOException {
        int blob = manifest.blob(entry);
        int head = head(entry, manifest.size(entry));
        if (blob < 0) {
            node(entry, head, 0);
            return;
        }
        if (chunkShifts[blob] < 0) {
            chunkShifts[blob] = (byte) chooseChunkShift(blob);
        }
        long chunks = chunkCount(blob);
        node(entry, aligned(head), chunks * ErofsFormat.CHUNK_INDEX_BYTES);
    }

    /** Chunks are a power of two of blocks; a whole blob is one, unless it has holes. */
    private int chooseChunkShift(int blob) throws IOException {
        long length = places.length(blob);
        long chunk = blockBytes;
        if (places.isSparse(blob)) {
            chunk = Math.max(MIN_SPARSE_CHUNK_BYTES, blockBytes);
            while (chunk * MAX_CHUNKS < length) {
                chunk <<= 1;
            }
        } else {
            while (chunk < length && chunk << 1 >>> blockShift <= 1L << ErofsFormat.CHUNK_BITS) {
                chunk <<= 1;
            }
        }
        return Long.numberOfTrailingZeros(chunk) - blockShift;
    }

    /** Contents that stand behind the inode where they fit, else in blocks of the data area. */
    private void packed(int entry, long size) throws IOException {
        int head = head(entry, size);
        int tail = (int) (size % blockBytes);
        boolean inline = tail > 0 && head + tail <= blockBytes;
        long blocks = inline ? size / blockBytes : (size + blockBytes - 1) / blockBytes;
        if (inline && metadataBytes % blockBytes + head + tail > blockBytes) {
            // neither the inode nor what stands behind it may cross a block
            metadataBytes = (metadataBytes + blockBytes - 1) & -blockBytes;
        }
        if (blocks > 0) {
            dataBlocks[entry] = dataBlockCount;
            dataBlockCount = Math.addExact(dataBlockCount, (int) blocks);
        }
        node(entry, head, inline ? tail : 0);
    }

    private int head(int entry, long size) {
        return facts.inodeBytes(entry, size) + facts.attributeBody(entry).length;
    }

    private void node(int entry, int head, long behind) throws IOException {
        long node = metadataBytes >>> ErofsFormat.SLOT_SHIFT;
        if (node >= Integer.MAX_VALUE) {
            throw tooLarge("the tree");
        }
        nodes[entry] = (int) node;
        inodeCount++;
        metadataBytes = (metadataBytes + head + behind + ErofsFormat.SLOT_BYTES - 1) & -ErofsFormat.SLOT_BYTES;
    }

    private IOException tooLarge(String what) {
        return new IOException(manifest.file() + ": " + what + " is too large for an image; use --mode link");
    }

    /** Chunk indexes stand at multiples of 8. */
    static int aligned(int head) {
        return (head + ErofsFormat.CHUNK_INDEX_BYTES - 1) & -ErofsFormat.CHUNK_INDEX_BYTES;
    }

    int blockShift() {
        return blockShift;
    }

    int blockBytes() {
        return blockBytes;
    }

    /** The node of an entry, or {@link #NO_NODE}; that of a further name is the file's. */
    int node(int entry) {
        return nodes[entry];
    }

    int inodeCount() {
        return inodeCount;
    }

    /** First block of what stands in the data area, counted from its start; {@link ErofsFormat#NO_BLOCK} if nothing does. */
    int dataBlock(int entry) {
        return dataBlocks[entry];
    }

    /** Bytes of a directory, of a link's target, or of a file. */
    long size(int entry) {
        return switch (manifest.kind(entry)) {
            case DIRECTORY -> listSizes[entry];
            case FILE, SYMLINK -> manifest.size(entry);
            default -> 0;
        };
    }

    /** Whether the end of a directory's or link's contents stands behind its inode. */
    boolean isInline(int entry) {
        long size = size(entry);
        int tail = (int) (size % blockBytes);
        return tail > 0 && head(entry, size) + tail <= blockBytes;
    }

    /** The logarithm of a chunk's blocks. */
    int chunkShift(int blob) {
        return chunkShifts[blob];
    }

    long chunkBytes(int blob) {
        return (long) blockBytes << chunkShifts[blob];
    }

    long chunkCount(int blob) {
        return (places.length(blob) + chunkBytes(blob) - 1) / chunkBytes(blob);
    }

    /** Bytes of the metadata area, a multiple of the block. */
    long metadataBytes() {
        return metadataBytes;
    }

    int dataBlockCount() {
        return dataBlockCount;
    }

    /** Bytes before the metadata area: superblock and device slots. */
    long metadataOffset() {
        long end = ErofsFormat.DEVICES_OFFSET + (long) places.devices().size() * ErofsFormat.DEVICE_BYTES;
        return (end + blockBytes - 1) & -blockBytes;
    }

    /** Length of the part that the kernel reads. */
    long erofsBytes() {
        return metadataOffset() + metadataBytes + ((long) dataBlockCount << blockShift);
    }
}

package dev.velo.core.view;

import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.Manifest;
import java.util.Arrays;

/**
 * The entries of one directory as an image has them: in unsigned byte order with {@code .} and {@code ..} among them, cut into blocks
 * each of which begins with its table of entries. One object serves one directory after another.
 */
final class DirectoryBlocks {
    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};

    /** Stands for {@code .} and {@code ..} in place of a child's entry number. */
    static final int IS_SELF = -1;

    static final int IS_PARENT = -2;

    private final Manifest manifest;
    private final InodeFacts facts;
    private final int blockBytes;
    private int[] members = new int[64];
    private int[] blockEnds = new int[8];
    private int memberCount;
    private int blockCount;
    private int lastBytes;

    DirectoryBlocks(Manifest manifest, InodeFacts facts, int blockBytes) {
        this.manifest = manifest;
        this.facts = facts;
        this.blockBytes = blockBytes;
    }

    /** Lays out this directory. */
    void of(int directory) {
        memberCount = 0;
        int first = manifest.firstChild(directory);
        int end = first + manifest.childCount(directory);
        int dots = 0;
        for (int child = first; child < end; child++) {
            // names that sort before the dots are rare, so most comparisons end at the first byte
            while (dots < 2 && manifest.compareName(child, dots == 0 ? SELF : PARENT) > 0) {
                add(dots++ == 0 ? IS_SELF : IS_PARENT);
            }
            if (!facts.isLeftOut(child)) {
                add(child);
            }
        }
        while (dots < 2) {
            add(dots++ == 0 ? IS_SELF : IS_PARENT);
        }
        cut();
    }

    private void add(int member) {
        if (memberCount == members.length) {
            members = Arrays.copyOf(members, memberCount * 2);
        }
        members[memberCount++] = member;
    }

    private void cut() {
        blockCount = 0;
        int used = 0;
        for (int i = 0; i < memberCount; i++) {
            int bytes = ErofsFormat.DIRENT_BYTES + nameLength(members[i]);
            if (used + bytes > blockBytes) {
                endBlock(i);
                used = 0;
            }
            used += bytes;
        }
        endBlock(memberCount);
        lastBytes = used;
    }

    private void endBlock(int end) {
        if (blockCount == blockEnds.length) {
            blockEnds = Arrays.copyOf(blockEnds, blockCount * 2);
        }
        blockEnds[blockCount++] = end;
    }

    /** The size of the directory in bytes: whole blocks, and what the last one uses. */
    long size() {
        return (blockCount - 1L) * blockBytes + lastBytes;
    }

    int blockCount() {
        return blockCount;
    }

    /** Index of the first member of a block. */
    int start(int block) {
        return block == 0 ? 0 : blockEnds[block - 1];
    }

    /** Index behind the last member of a block. */
    int end(int block) {
        return blockEnds[block];
    }

    /** A child's entry number, or one of the two constants. */
    int member(int index) {
        return members[index];
    }

    int nameLength(int member) {
        return member < 0 ? -member : manifest.nameLength(member);
    }

    byte[] name(int member) {
        return member == IS_SELF ? SELF : member == IS_PARENT ? PARENT : manifest.name(member);
    }
}

package dev.velo.nio;

import dev.velo.core.format.EntryKind;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** What a view says of one node, read at once. A view has one time for each entry, which stands for all that are asked for. */
record VeloAttributes(
        int node,
        EntryKind kind,
        int permissionBits,
        long size,
        FileTime modified,
        int uid,
        int gid,
        int links,
        long device,
        FileKey key)
        implements PosixFileAttributes {

    /** What tells a file from all others: the view and the node. */
    record FileKey(int view, int node) {
        @Override
        public String toString() {
            return "(dev=velo-" + view + ",ino=" + node + ")";
        }
    }

    static VeloAttributes of(View view, int node, int viewNumber) throws IOException {
        EntryKind kind = view.kind(node);
        boolean device = kind == EntryKind.CHARACTER_DEVICE || kind == EntryKind.BLOCK_DEVICE;
        return new VeloAttributes(
                node,
                kind,
                view.permissions(node),
                view.size(node),
                FileTime.from(Instant.ofEpochSecond(view.mtimeSeconds(node), view.mtimeNanos(node))),
                view.uid(node),
                view.gid(node),
                view.linkCount(node),
                device ? view.device(node) : 0,
                new FileKey(viewNumber, node));
    }

    /** Type and permissions, as {@code st_mode}. */
    int mode() {
        return kind.typeBits() | permissionBits;
    }

    /** The number of a device node as {@code makedev(3)} packs it. */
    long packedDevice() {
        long major = device >>> 32;
        long minor = device & 0xffffffffL;
        return ((major & 0xfffff000L) << 32)
                | ((major & 0xfffL) << 8)
                | ((minor & 0xffffff00L) << 12)
                | (minor & 0xffL);
    }

    @Override
    public FileTime lastModifiedTime() {
        return modified;
    }

    @Override
    public FileTime lastAccessTime() {
        return modified;
    }

    @Override
    public FileTime creationTime() {
        return modified;
    }

    @Override
    public boolean isRegularFile() {
        return kind == EntryKind.FILE;
    }

    @Override
    public boolean isDirectory() {
        return kind == EntryKind.DIRECTORY;
    }

    @Override
    public boolean isSymbolicLink() {
        return kind == EntryKind.SYMLINK;
    }

    @Override
    public boolean isOther() {
        return !isRegularFile() && !isDirectory() && !isSymbolicLink();
    }

    @Override
    public Object fileKey() {
        return key;
    }

    @Override
    public UserPrincipal owner() {
        return Principals.user(uid);
    }

    @Override
    public GroupPrincipal group() {
        return Principals.group(gid);
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] highestFirst = PosixFilePermission.values();
        for (int i = 0; i < highestFirst.length; i++) {
            if ((permissionBits & 0400 >> i) != 0) {
                permissions.add(highestFirst[i]);
            }
        }
        return permissions;
    }
}

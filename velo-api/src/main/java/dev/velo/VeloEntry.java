package dev.velo;

import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.view.View;
import dev.velo.nio.NameCodec;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/**
 * What a view knows of one entry of its tree. Names are bytes on Linux; as text they are UTF-8, and a byte that is not part of valid
 * UTF-8 is the character U+DC00 plus that byte (as Python's {@code surrogateescape} has it), so nothing is lost: given back to a
 * view, such text names the same entry.
 *
 * {@snippet :
 * VeloEntry entry = view.entry("bin/tool");
 * if (entry.kind() == VeloEntry.Kind.FILE) {
 *     System.out.println(entry.size() + " bytes of " + entry.modified());
 * }
 * }
 *
 * @param path from the root of the view, as it was asked for; names separated by slashes
 * @param kind what it is
 * @param permissions the permission bits with setuid, setgid and sticky: 12 bits, as of {@code chmod}
 * @param size bytes of a file or of a link's target; of a directory, of its list in the image
 * @param modified when it was modified, to the nanosecond
 * @param uid the owner's number
 * @param gid the group's number
 * @param linkCount how many names it has
 * @param inode a number that no other inode of this view has; also that of the mounted tree
 * @param deviceMajor the major number of a device node, else 0
 * @param deviceMinor the minor number of a device node, else 0
 * @param digest SHA-256 of a file's bytes, 64 hexadecimal digits; empty for an empty file and for what is none
 * @param target where a symbolic link leads; empty for what is none
 */
public record VeloEntry(
        String path,
        Kind kind,
        int permissions,
        long size,
        FileTime modified,
        int uid,
        int gid,
        int linkCount,
        long inode,
        int deviceMajor,
        int deviceMinor,
        Optional<String> digest,
        Optional<String> target) {

    /** What an entry can be. */
    public enum Kind {
        /** A regular file; a hard link is the file itself. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        SYMLINK,
        /** A device of characters. */
        CHARACTER_DEVICE,
        /** A device of blocks. */
        BLOCK_DEVICE,
        /** A named pipe. */
        FIFO;

        static Kind of(EntryKind kind) {
            return switch (kind) {
                case FILE, HARD_LINK -> FILE;
                case DIRECTORY -> DIRECTORY;
                case SYMLINK -> SYMLINK;
                case CHARACTER_DEVICE -> CHARACTER_DEVICE;
                case BLOCK_DEVICE -> BLOCK_DEVICE;
                case FIFO -> FIFO;
            };
        }
    }

    static VeloEntry of(View view, int node, byte[] path) throws IOException {
        Kind kind = Kind.of(view.kind(node));
        Digest digest = kind == Kind.FILE ? view.digest(node) : null;
        long device = view.device(node);
        return new VeloEntry(
                NameCodec.decode(path),
                kind,
                view.permissions(node),
                view.size(node),
                FileTime.from(Instant.ofEpochSecond(view.mtimeSeconds(node), view.mtimeNanos(node))),
                view.uid(node),
                view.gid(node),
                view.linkCount(node),
                node,
                (int) (device >>> 32),
                (int) device,
                Optional.ofNullable(digest).map(Digest::toString),
                kind == Kind.SYMLINK ? Optional.of(NameCodec.decode(view.target(node))) : Optional.empty());
    }

    /**
     * The last name of the path.
     *
     * @return text as of the path; empty for the root
     */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * The path as the bytes that it is.
     *
     * @return a copy
     */
    public byte[] pathBytes() {
        return NameCodec.encode(path);
    }

    /**
     * The target as the bytes that it is.
     *
     * @return a copy; empty for what is no symbolic link
     */
    public Optional<byte[]> targetBytes() {
        return target.map(NameCodec::encode);
    }
}

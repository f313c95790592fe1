package dev.velo.launcher;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An entry of a manifest, found by a path on the command line. */
record TreeEntry(Manifest manifest, int number) {

    static TreeEntry find(String manifestArgument, String path) throws IOException {
        Manifest manifest = ManifestAhead.read(manifestArgument);
        int number = manifest.find(path.getBytes(StandardCharsets.ISO_8859_1));
        if (number < 0) {
            throw new IOException(
                    Terminal.decoded(path) + ": not in the tree of " + Terminal.decoded(manifestArgument));
        }
        return new TreeEntry(manifest, number);
    }

    /** The entry itself, or the one whose further name it is. */
    int inode() {
        return inode(number);
    }

    int inode(int entry) {
        return manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
    }

    /** Mode as {@code ls -l} shows it. */
    String mode(int entry) {
        int inode = inode(entry);
        int bits = manifest.permissions(inode);
        char type = switch (manifest.kind(inode)) {
            case FILE, HARD_LINK -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
            case FIFO -> 'p';
        };
        StringBuilder text = new StringBuilder().append(type);
        for (int shift = 6; shift >= 0; shift -= 3) {
            int three = bits >>> shift & 7;
            boolean special = (bits >>> 9 & (shift == 6 ? 4 : shift == 3 ? 2 : 1)) != 0;
            char mark = shift == 0 ? 't' : 's';
            text.append((three & 4) != 0 ? 'r' : '-').append((three & 2) != 0 ? 'w' : '-');
            boolean executable = (three & 1) != 0;
            text.append(special ? (executable ? mark : Character.toUpperCase(mark)) : executable ? 'x' : '-');
        }
        return text.toString();
    }

    /** Bytes of a file or link target, entries of a directory, else 0. */
    long size(int entry) {
        int inode = inode(entry);
        return switch (manifest.kind(inode)) {
            case FILE, SYMLINK -> manifest.size(inode);
            case DIRECTORY -> manifest.childCount(inode);
            default -> 0;
        };
    }
}

package dev.velo.nio;

import dev.velo.core.format.EntryKind;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Following;
import dev.velo.core.view.View;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;

/** Finds nodes of a view by path, and fails as {@code java.nio.file} does. */
public final class Nodes {
    private static final byte[] ROOT = PathBytes.of("/");

    private Nodes() {}

    /** The path by which a view finds this; an empty one is the root. */
    public static byte[] lookup(byte[] path) {
        return path.length == 0 ? ROOT : path;
    }

    /** The node at a path that is not empty. */
    public static int require(View view, byte[] path, Following last) throws IOException {
        try {
            return view.require(path, last);
        } catch (ErrnoException e) {
            String name = NameCodec.decode(path); // the errno's own text has lost what is not UTF-8
            throw (name.equals(e.path()) ? e : e.at(name)).toFileSystemException();
        }
    }

    public static int requireDirectory(View view, byte[] path) throws IOException {
        int node = require(view, path, Following.ALL);
        if (view.kind(node) != EntryKind.DIRECTORY) {
            throw new NotDirectoryException(NameCodec.decode(path));
        }
        return node;
    }

    public static int requireFile(View view, byte[] path) throws IOException {
        return checkFile(view, require(view, path, Following.ALL), path);
    }

    /** The node at a path, if it has bytes to read. */
    public static int checkFile(View view, int node, byte[] path) throws IOException {
        EntryKind kind = view.kind(node);
        if (kind == EntryKind.FILE) {
            return node;
        }
        String reason = kind == EntryKind.DIRECTORY ? "Is a directory" : "Not a regular file";
        throw new FileSystemException(NameCodec.decode(path), null, reason);
    }

    static byte[] requireTarget(View view, byte[] path) throws IOException {
        int node = require(view, path, Following.ALL_BUT_LAST);
        if (view.kind(node) != EntryKind.SYMLINK) {
            throw new NotLinkException(NameCodec.decode(path));
        }
        return view.target(node);
    }

    /** What link options mean for the last name of a path. */
    public static Following following(LinkOption... options) {
        for (LinkOption option : options) {
            if (option == LinkOption.NOFOLLOW_LINKS) {
                return Following.ALL_BUT_LAST;
            }
        }
        return Following.ALL;
    }
}

package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.store.LockFile;
import dev.velo.core.tree.PathBytes;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of what is made from a tree: its digest, and more behind it where that is needed to tell things apart. */
final class TreeNames {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64}).*");

    private TreeNames() {}

    /** The tree that something with this name is made from; nothing if it is a lock, or not made from a tree. */
    static Optional<Digest> tree(byte[] name) {
        String text = PathBytes.show(name);
        Matcher matcher = NAME.matcher(text);
        return matcher.matches() && !text.endsWith(LockFile.SUFFIX)
                ? Optional.of(Digest.parse(matcher.group(1)))
                : Optional.empty();
    }

    /** The name of what this is the lock of; nothing if it is no lock of something made from a tree. */
    static Optional<byte[]> locked(byte[] name) {
        String text = PathBytes.show(name);
        return NAME.matcher(text).matches() && text.endsWith(LockFile.SUFFIX)
                ? Optional.of(Arrays.copyOf(name, name.length - LockFile.SUFFIX.length()))
                : Optional.empty();
    }
}

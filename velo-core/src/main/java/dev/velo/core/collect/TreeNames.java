package dev.velo.core.collect;

import dev.velo.core.format.Digest;
import dev.velo.core.tree.PathBytes;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of what is made from a tree: its digest, and more behind it where that is needed to tell things apart. */
final class TreeNames {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64}).*");
    private static final String LOCK_SUFFIX = ".lock";

    private TreeNames() {}

    /** The tree that something with this name is made from; nothing if it is a lock, or not made from a tree. */
    static Optional<Digest> tree(byte[] name) {
        String text = PathBytes.show(name);
        Matcher matcher = NAME.matcher(text);
        return matcher.matches() && !text.endsWith(LOCK_SUFFIX)
                ? Optional.of(Digest.parse(matcher.group(1)))
                : Optional.empty();
    }
}

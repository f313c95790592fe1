package dev.velo.core.testing;

import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Compares two real trees by system calls of its own: the oracle for everything that shows a tree. Paths may have any length; both
 * trees are walked together, one descriptor each, down by name and up by {@code ..}. Access and change times are never compared,
 * nor link counts, nor the sizes of directories.
 */
public final class TreeComparison {
    /** What is compared besides names and types. */
    public enum Aspect {
        MODE,
        MTIME,
        /** Bytes and size of regular files. */
        CONTENT,
        TARGET,
        DEVICE,
        /** {@code user.*}, ACLs and {@code security.capability}. */
        ATTRIBUTES,
        /** Metadata of the two roots themselves. */
        ROOT,
        /** Sockets; without this, those on the left may be missing on the right. */
        SOCKETS,
        /** User and group. */
        OWNER,
        /** No 64 KiB-aligned run of 64 KiB of zeros in a file on the right is data. */
        HOLES
    }

    /** What is asked of entries that are one file. */
    public enum LinkGroups {
        /** What is one file on the one side is one file on the other. */
        EXACT,
        /** What is one file on the left is one file on the right. */
        KEPT,
        IGNORED
    }

    public record Options(LinkGroups linkGroups, Set<Aspect> aspects) {
        public Options {
            aspects = Set.copyOf(aspects);
        }

        /** Everything but owners and holes; link groups exactly. */
        public static Options standard() {
            return new Options(LinkGroups.EXACT, EnumSet.complementOf(EnumSet.of(Aspect.OWNER, Aspect.HOLES)));
        }

        public Options with(Aspect... more) {
            EnumSet<Aspect> changed = copy();
            changed.addAll(Set.of(more));
            return new Options(linkGroups, changed);
        }

        public Options without(Aspect... fewer) {
            EnumSet<Aspect> changed = copy();
            changed.removeAll(Set.of(fewer));
            return new Options(linkGroups, changed);
        }

        public Options with(LinkGroups other) {
            return new Options(other, aspects);
        }

        private EnumSet<Aspect> copy() {
            EnumSet<Aspect> copy = EnumSet.noneOf(Aspect.class);
            copy.addAll(aspects);
            return copy;
        }
    }

    private static final byte[] UP = {'.', '.'};
    private static final byte[] HERE = {'.'};
    private static final int READ_DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    /** A directory that both trees have, and those of its entries that are directories on both sides and still to be entered. */
    @SuppressWarnings("ArrayRecordComponent") // never compared by equals
    private record Level(byte[] name, Deque<byte[]> directories) {}

    private final Options options;
    private final EntryComparison entries;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<String> differences = new ArrayList<>();
    private int left = FileCalls.AT_FDCWD;
    private int right = FileCalls.AT_FDCWD;

    private TreeComparison(Options options) {
        this.options = options;
        this.entries = new EntryComparison(options, this::add);
    }

    /** How the trees differ under {@link Options#standard}; nothing if they are equal. */
    public static List<String> differences(Path left, Path right) throws IOException {
        return differences(left, right, Options.standard());
    }

    /** How the trees differ, one sentence each, in the order of a walk; nothing if they are equal. */
    public static List<String> differences(Path left, Path right, Options options) throws IOException {
        TreeComparison comparison = new TreeComparison(options);
        try {
            comparison.run(absolute(left), absolute(right));
        } finally {
            FileCalls.close(comparison.left);
            FileCalls.close(comparison.right);
        }
        return comparison.differences;
    }

    private static byte[] absolute(Path path) {
        return path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    }

    private void run(byte[] leftRoot, byte[] rightRoot) throws IOException {
        enter(leftRoot, rightRoot, HERE);
        if (options.aspects().contains(Aspect.ROOT)) {
            entries.compare(left, right, HERE);
        }
        compareNames();
        while (true) {
            Level level = levels.element();
            byte[] next = level.directories().poll();
            if (next != null) {
                enter(next, next, next);
                compareNames();
            } else if (levels.size() == 1) {
                return;
            } else {
                leave();
            }
        }
    }

    private void enter(byte[] leftName, byte[] rightName, byte[] name) throws IOException {
        int parent = left;
        left = FileCalls.openat(parent, leftName, READ_DIRECTORY, 0);
        FileCalls.close(parent);
        parent = right;
        right = FileCalls.openat(parent, rightName, READ_DIRECTORY, 0);
        FileCalls.close(parent);
        levels.push(new Level(name, new ArrayDeque<>()));
    }

    private void leave() throws IOException {
        int child = left;
        left = FileCalls.openat(child, UP, READ_DIRECTORY, 0);
        FileCalls.close(child);
        child = right;
        right = FileCalls.openat(child, UP, READ_DIRECTORY, 0);
        FileCalls.close(child);
        levels.pop();
    }

    private void compareNames() throws IOException {
        List<DirectoryNames.Name> lefts = DirectoryNames.of(left);
        List<DirectoryNames.Name> rights = DirectoryNames.of(right);
        int l = 0;
        int r = 0;
        while (l < lefts.size() || r < rights.size()) {
            int order = l == lefts.size()
                    ? 1
                    : r == rights.size()
                            ? -1
                            : Arrays.compareUnsigned(
                                    lefts.get(l).bytes(), rights.get(r).bytes());
            if (order < 0) {
                onlyLeft(lefts.get(l++).bytes());
            } else if (order > 0) {
                add(rights.get(r++).bytes(), "only on the right");
            } else {
                compareEntry(lefts.get(l++).bytes());
                r++;
            }
        }
    }

    private void onlyLeft(byte[] name) throws IOException {
        if (!options.aspects().contains(Aspect.SOCKETS)) {
            Statx stat = new Statx();
            FileCalls.statx(left, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
            if (stat.type() == Statx.S_IFSOCK) {
                return;
            }
        }
        add(name, "only on the left");
    }

    private void compareEntry(byte[] name) throws IOException {
        if (entries.compare(left, right, name)) {
            levels.element().directories().add(name);
        }
    }

    private void add(byte[] name, String difference) {
        differences.add(path(name) + ": " + difference);
    }

    /** The path of an entry of the directories at hand, for people: odd bytes escaped, the middle of a long one left out. */
    private String path(byte[] name) {
        StringBuilder path = new StringBuilder();
        levels.descendingIterator().forEachRemaining(level -> append(path, level.name()));
        append(path, name);
        int length = path.length();
        return length <= 400 ? path.toString() : path.substring(0, 200) + " … " + path.substring(length - 200);
    }

    private static void append(StringBuilder path, byte[] name) {
        if (Arrays.equals(name, HERE)) {
            path.append(path.isEmpty() ? "." : "");
            return;
        }
        path.append('/').append(PrintableBytes.of(name));
    }
}

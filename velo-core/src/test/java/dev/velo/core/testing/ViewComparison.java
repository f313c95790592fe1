package dev.velo.core.testing;

import dev.velo.core.format.EntryKind;
import dev.velo.core.view.DirectoryCursor;
import dev.velo.core.view.View;
import dev.velo.ffm.CString;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Compares a real tree with a view of it in everything that both can tell, walking both name by name. Sockets are passed over, since
 * ingestion leaves them out.
 */
public final class ViewComparison {
    private static final byte[] UP = {'.', '.'};
    private static final byte[] HERE = {'.'};
    private static final int READ_DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    /** A directory in which both walks stand or stood. */
    private record Level(int node, Deque<Below> directories) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Below(byte[] name, int node) {}

    private final View view;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final ViewContents contents;
    private final Map<Long, Integer> nodes = new HashMap<>();
    private final Map<Integer, Long> inodes = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final Statx stat = new Statx();
    private int directory = FileCalls.AT_FDCWD;

    private ViewComparison(View view) {
        this.view = view;
        this.contents = new ViewContents(view);
    }

    /**
     * What was found.
     *
     * @param differences one sentence each; none if view and tree agree
     * @param nodes for each inode of the tree its node in the view
     */
    public record Result(List<String> differences, Map<Long, Integer> nodes) {}

    public static Result compare(Path tree, View view) throws IOException {
        ViewComparison comparison = new ViewComparison(view);
        try {
            comparison.run(tree.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8));
        } finally {
            FileCalls.close(comparison.directory);
        }
        return new Result(comparison.differences, comparison.nodes);
    }

    private void run(byte[] root) throws IOException {
        enter(root, view.root());
        compareEntry(HERE, view.root());
        compareNames();
        while (true) {
            Below next = levels.element().directories().poll();
            if (next != null) {
                enter(next.name(), next.node());
                compareNames();
            } else if (levels.size() == 1) {
                return;
            } else {
                move(UP);
                levels.pop();
            }
        }
    }

    private void enter(byte[] name, int node) throws IOException {
        move(name);
        levels.push(new Level(node, new ArrayDeque<>()));
    }

    private void move(byte[] name) throws IOException {
        int from = directory;
        directory = FileCalls.openat(from, name, READ_DIRECTORY, 0);
        FileCalls.close(from);
    }

    private void compareNames() throws IOException {
        List<DirectoryNames.Name> names = new ArrayList<>();
        for (DirectoryNames.Name name : DirectoryNames.of(directory)) {
            if (name.type() != Statx.S_IFSOCK) {
                names.add(name);
            }
        }
        int parent = levels.element().node();
        Iterator<DirectoryNames.Name> expected = names.iterator();
        DirectoryCursor cursor = view.list(parent);
        while (cursor.next()) {
            byte[] name = cursor.name();
            if (!expected.hasNext() || !Arrays.equals(expected.next().bytes(), name)) {
                differ(name, "stands there in the view");
                return;
            }
            if (view.child(parent, name) != cursor.node() || view.kind(cursor.node()) != cursor.kind()) {
                differ(name, "is found elsewhere than it is listed");
            }
            if (compareEntry(name, cursor.node())) {
                levels.element().directories().add(new Below(name, cursor.node()));
            }
        }
        if (expected.hasNext()) {
            differ(expected.next().bytes(), "is not in the view");
        }
    }

    /** Tells how an entry differs; true if both are directories. */
    private boolean compareEntry(byte[] name, int node) throws IOException {
        FileCalls.statx(directory, name, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        EntryKind kind = view.kind(node);
        if (stat.type() != kind.typeBits()) {
            differ(name, "is a " + kind);
            return false;
        }
        equal(name, "permissions", stat.mode() & 07777, view.permissions(node));
        equal(name, "user", stat.uid(), view.uid(node));
        equal(name, "group", stat.gid(), view.gid(node));
        equal(name, "seconds", stat.modificationSeconds(), view.mtimeSeconds(node));
        equal(name, "nanoseconds", stat.modificationNanos(), view.mtimeNanos(node));
        equal(name, "names", stat.linkCount(), view.linkCount(node));
        switch (kind) {
            case FILE, SYMLINK -> equal(name, "size", stat.size(), view.size(node));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> equal(name, "device", stat.representedDevice(), view.device(node));
            default -> {}
        }
        if (kind == EntryKind.SYMLINK
                && !Arrays.equals(LinkCalls.readlinkat(directory, CString.first(name)), view.target(node))) {
            differ(name, "has another target");
        }
        compareIdentity(name, node);
        String found = contents.difference(directory, name, kind, node);
        if (!found.isEmpty()) {
            differ(name, found);
        }
        return kind == EntryKind.DIRECTORY;
    }

    private void compareIdentity(byte[] name, int node) {
        Integer known = nodes.putIfAbsent(stat.inode(), node);
        Long inode = inodes.putIfAbsent(node, stat.inode());
        if ((known != null && known != node) || (inode != null && inode != stat.inode())) {
            differ(name, "is one file with another name on one side only");
        }
    }

    private void equal(byte[] name, String what, long expected, long found) {
        if (expected != found) {
            differ(name, what + ": " + expected + " in the tree, " + found + " in the view");
        }
    }

    private void differ(byte[] name, String what) {
        differences.add("level " + levels.size() + ", " + PrintableBytes.of(name) + ": " + what);
    }
}

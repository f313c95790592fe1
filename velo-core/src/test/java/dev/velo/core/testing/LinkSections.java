package dev.velo.core.testing;

import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Set;

/** The parts of {@link HostileTree} that are neither file nor directory, or the same twice: symlinks, hardlinks, special. */
final class LinkSections {
    private final Set<Feature> features;

    LinkSections(Set<Feature> features) {
        this.features = features;
    }

    void addTo(TreeDirectory top) throws IOException {
        addSymlinks(top);
        addHardLinks(top);
        addSpecial(top);
    }

    private static void addSymlinks(TreeDirectory top) throws IOException {
        Stamp stamp = Stamp.plain(0777).at(1_500_000_000, 17);
        try (TreeDirectory links = top.directory("symlinks")) {
            links.symlink("dangling", "nowhere/at/all", stamp);
            links.symlink("absolute", "/etc/hostname", stamp);
            links.symlink("loop-a", "loop-b", stamp);
            links.symlink("loop-b", "loop-a", stamp);
            links.symlink("itself", "itself", stamp);
            links.symlink("to-directory", "../sizes", stamp);
            links.symlink("to-directory-slash", "../sizes/", stamp);
            links.symlink("to-file", "../sizes/size-512", stamp);
            links.symlink("to-here", ".", stamp);
            links.symlink("to-above", "../../../../../..", stamp);
            links.symlink("one-byte", "x", stamp);
            links.symlink("long-target", "t/".repeat(2000), stamp);
            links.symlink("59-bytes", "t".repeat(59), stamp);
            links.symlink("60-bytes", "t".repeat(60), stamp);
            links.symlink(TreeDirectory.bytes("bytes"), new byte[] {(byte) 0xff, '\n', (byte) 0xc3}, stamp);
        }
    }

    private static void addHardLinks(TreeDirectory top) throws IOException {
        try (TreeDirectory links = top.directory("hardlinks");
                TreeDirectory here = links.directory("here");
                TreeDirectory there = links.directory("there")) {
            here.file("file-1", new byte[] {1, 2, 3}, Stamp.plain(0640).with("user.linked", new byte[] {1}));
            here.link(here, "file-1", "file-2");
            there.link(here, "file-1", "a-name-before");
            links.link(here, "file-1", "a-name-above");
            here.file("pair", ContentSections.content(0, -20, 70_000), Stamp.plain(0644));
            here.link(here, "pair", "pair-too");
            here.file("empty", new byte[0], Stamp.plain(0644));
            there.link(here, "empty", "empty");
            here.symlink("symlink", "target", Stamp.plain(0777));
            here.link(here, "symlink", "symlink-too");
            there.link(here, "symlink", "symlink");
            here.fifo("fifo", Stamp.plain(0622));
            here.link(here, "fifo", "fifo-too");
            there.link(here, "fifo", "fifo");
        }
    }

    private void addSpecial(TreeDirectory top) throws IOException {
        Stamp stamp = Stamp.plain(0660).at(1_400_000_000, 1);
        try (TreeDirectory special = top.directory("special")) {
            special.fifo("fifo", stamp);
            special.fifo("fifo-other-mode", Stamp.plain(0600));
            if (features.contains(Feature.SOCKETS)) {
                special.node(TreeDirectory.bytes("socket"), Statx.S_IFSOCK, 0, 0, stamp);
            }
            if (features.contains(Feature.DEVICES)) {
                special.node(TreeDirectory.bytes("null"), Statx.S_IFCHR, 1, 3, stamp);
                special.node(TreeDirectory.bytes("zero-zero"), Statx.S_IFCHR, 5, 0, stamp);
                special.node(TreeDirectory.bytes("loop"), Statx.S_IFBLK, 7, 0, stamp);
                special.node(TreeDirectory.bytes("large-minor"), Statx.S_IFBLK, 300, 70_000, stamp);
                special.node(TreeDirectory.bytes("largest"), Statx.S_IFCHR, 4095, 1_048_575, stamp);
            }
        }
    }
}

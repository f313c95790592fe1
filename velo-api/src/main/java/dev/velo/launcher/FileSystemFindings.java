package dev.velo.launcher;

import dev.velo.core.present.MountTable;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.FileSystemFacts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the doctor finds of the file system that a store is on. What it tries leaves nothing behind. */
final class FileSystemFindings {
    /** How many names one file may have; of types that are not here nothing is known. */
    private static final Map<String, String> LINKS = Map.of(
            "ext2", "32000",
            "ext3", "32000",
            "ext4", "65000",
            "xfs", "2147483647",
            "btrfs", "65535 in one directory",
            "f2fs", "4294967295",
            "jfs", "65535",
            "ntfs3", "4000");

    private static final int CLONED_BYTES = 64 << 10;
    private static final long TIGHT_BYTES = 1L << 30;
    private static final long FULL_BYTES = 64L << 20;
    private static final long TIGHT_INODES = 10_000;
    private static final int TIGHT_PART = 20;

    private final Store store;

    FileSystemFindings(Store store) {
        this.store = store;
    }

    List<Finding> all() throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(type());
        findings.add(tried(
                "reflink",
                "files can share their blocks",
                this::reflink,
                "what cannot be linked is copied; XFS and Btrfs share blocks"));
        findings.add(tried(
                "xattrs",
                "files can have user attributes",
                this::attributes,
                "trees lose theirs here, and --upper needs them; keep the store elsewhere"));
        findings.add(tried(
                "tmpfile",
                "files can be made without a name",
                this::nameless,
                "what a killed process was writing stays as a temporary file; velo gc takes it"));
        FileSystemFacts facts = FileCalls.statfs(store.path());
        findings.add(space(facts.freeBytes(), facts.bytes()));
        findings.add(inodes(facts.freeInodes(), facts.inodes()));
        return findings;
    }

    private Finding type() throws IOException {
        byte[] path = IngestCommand.realPath(store.path());
        byte[] longest = new byte[0];
        String type = "";
        for (MountTable.Mount mount : MountTable.read().mounts()) {
            // of mounts at one place the last is seen
            if (PathBytes.isInside(path, mount.point()) && mount.point().length >= longest.length) {
                longest = mount.point();
                type = mount.type();
            }
        }
        return judged(
                type,
                type + " at " + PathBytes.show(longest) + ", names of one file: "
                        + LINKS.getOrDefault(type, "not known"));
    }

    static Finding judged(String type, String fact) {
        String remedy = switch (type) {
            case "tmpfs", "ramfs" -> "the store is gone when this machine ends; keep it on a disk";
            case "overlay" ->
                "the store goes with its container, and images on it cannot be mounted; keep it on a volume";
            case "vfat", "exfat", "msdos" ->
                "there are no hard links and no modes; keep the store on ext4, XFS or Btrfs";
            case "nfs", "nfs4", "cifs", "smb3", "9p" ->
                "locks and durability are the server's; keep the store on a local disk";
            default -> "";
        };
        return remedy.isEmpty() ? Finding.ok("filesystem", fact) : Finding.warn("filesystem", fact, remedy);
    }

    /** Something that a file system may not have. */
    @FunctionalInterface
    private interface Trial {
        void run(int directory) throws ErrnoException;
    }

    private Finding tried(String name, String yes, Trial trial, String remedy) throws ErrnoException {
        if (store.isReadOnly()) {
            return Finding.ok(name, "not tried, since the store can only be read");
        }
        try {
            trial.run(store.fd(Store.Room.COPIES));
            return Finding.ok(name, yes);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT) {
                return Finding.no(name, "not tried, since the disk is full", "free some space");
            }
            return Finding.no(
                    name, "not here (" + e.call().callName() + ": " + e.errno().text() + ")", remedy);
        }
    }

    private void reflink(int directory) throws ErrnoException {
        try (PublishedFile source = PublishedFile.create(directory, 0600);
                PublishedFile copy = PublishedFile.create(directory, 0600);
                Arena arena = Arena.ofConfined()) {
            source.accept(arena.allocate(CLONED_BYTES));
            FileCalls.ficlone(copy.fd(), source.fd());
        }
    }

    private void attributes(int directory) throws ErrnoException {
        try (PublishedFile file = PublishedFile.create(directory, 0600)) {
            AttributeCalls.fsetxattr(file.fd(), PathBytes.of("user.velo"), PathBytes.of("tried"));
        }
    }

    @SuppressWarnings("try") // it is only opened
    private void nameless(int directory) throws ErrnoException {
        int flags = FileCalls.O_TMPFILE | FileCalls.O_RDWR;
        try (Descriptor file = new Descriptor(FileCalls.openat(directory, PathBytes.of("."), flags, 0600))) {
            return;
        }
    }

    static Finding space(long free, long all) {
        String fact = Sizes.of(free) + " of " + Sizes.of(all) + " are free";
        String remedy = "free some space, velo gc may help, or choose another place with --store";
        if (free < FULL_BYTES) {
            return Finding.no("space", fact, remedy);
        }
        return free < TIGHT_BYTES || free < all / TIGHT_PART
                ? Finding.warn("space", fact, remedy)
                : Finding.ok("space", fact);
    }

    static Finding inodes(long free, long all) {
        if (all == 0) {
            return Finding.ok("inodes", "as many files as there is space for");
        }
        String fact = free + " of " + all + " files can still be made";
        String remedy = "remove files, or choose another place with --store; --mode mount and --mode preload make none";
        if (free == 0) {
            return Finding.no("inodes", fact, remedy);
        }
        return free < TIGHT_INODES || free < all / TIGHT_PART
                ? Finding.warn("inodes", fact, remedy)
                : Finding.ok("inodes", fact);
    }
}

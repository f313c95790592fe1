package dev.velo.core.testing;

import dev.velo.core.testing.TreeComparison.Aspect;
import dev.velo.core.testing.TreeComparison.Options;
import dev.velo.ffm.CString;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiConsumer;

/** Compares one entry of two directories in everything but its children. */
final class EntryComparison {
    private static final int READ = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;

    private final Set<Aspect> aspects;
    private final BiConsumer<byte[], String> differences;
    private final LinkPartition links;
    private final ContentComparison contents = new ContentComparison();
    private final Statx left = new Statx();
    private final Statx right = new Statx();

    EntryComparison(Options options, BiConsumer<byte[], String> differences) {
        this.aspects = options.aspects();
        this.differences = differences;
        this.links = new LinkPartition(options.linkGroups());
    }

    /** Tells how the entries of this name differ; true if both are directories. */
    boolean compare(int leftDirectory, int rightDirectory, byte[] name) throws IOException {
        FileCalls.statx(leftDirectory, name, FileCalls.AT_SYMLINK_NOFOLLOW, left);
        FileCalls.statx(rightDirectory, name, FileCalls.AT_SYMLINK_NOFOLLOW, right);
        if (left.type() != right.type()) {
            differ(name, "type", octal(left.type()), octal(right.type()));
            return false;
        }
        compareStat(name);
        switch (left.type()) {
            case Statx.S_IFREG -> compareOpened(leftDirectory, rightDirectory, name, true);
            case Statx.S_IFDIR -> compareOpened(leftDirectory, rightDirectory, name, false);
            case Statx.S_IFLNK -> compareTargets(leftDirectory, rightDirectory, name);
            case Statx.S_IFCHR, Statx.S_IFBLK -> {
                if (aspects.contains(Aspect.DEVICE)) {
                    equal(name, "device", left.representedDevice(), right.representedDevice());
                }
                compareAttributesByName(leftDirectory, rightDirectory, name);
            }
            default -> compareAttributesByName(leftDirectory, rightDirectory, name);
        }
        if (left.type() == Statx.S_IFDIR) {
            return true;
        }
        String broken = links.add(left, right, name);
        if (!broken.isEmpty()) {
            differences.accept(name, broken);
        }
        return false;
    }

    private void compareStat(byte[] name) {
        if (aspects.contains(Aspect.MODE) && left.mode() != right.mode()) {
            differ(name, "mode", octal(left.mode()), octal(right.mode()));
        }
        if (aspects.contains(Aspect.OWNER)) {
            equal(name, "user", left.uid(), right.uid());
            equal(name, "group", left.gid(), right.gid());
        }
        if (aspects.contains(Aspect.MTIME)) {
            equal(name, "mtime seconds", left.modificationSeconds(), right.modificationSeconds());
            equal(name, "mtime nanoseconds", left.modificationNanos(), right.modificationNanos());
        }
    }

    private void compareOpened(int leftDirectory, int rightDirectory, byte[] name, boolean hasContent)
            throws IOException {
        boolean contentAsked = hasContent && aspects.contains(Aspect.CONTENT);
        boolean holesAsked = hasContent && aspects.contains(Aspect.HOLES);
        if (contentAsked && left.size() != right.size()) {
            equal(name, "size", left.size(), right.size());
            contentAsked = false;
        }
        if (!contentAsked && !holesAsked && !aspects.contains(Aspect.ATTRIBUTES)) {
            return;
        }
        int leftFile = FileCalls.openat(leftDirectory, name, READ, 0);
        try {
            int rightFile = FileCalls.openat(rightDirectory, name, READ, 0);
            try {
                if (aspects.contains(Aspect.ATTRIBUTES)) {
                    compareAttributes(name, Attributes.of(leftFile), Attributes.of(rightFile));
                }
                if (contentAsked) {
                    long at = contents.firstDifference(leftFile, rightFile, left.size());
                    if (at >= 0) {
                        differences.accept(name, "content differs from byte " + at);
                    }
                }
                if (holesAsked) {
                    long at = contents.zerosThatAreData(rightFile, right.size());
                    if (at >= 0) {
                        differences.accept(name, "zeros that are no hole on the right, at byte " + at);
                    }
                }
            } finally {
                FileCalls.close(rightFile);
            }
        } finally {
            FileCalls.close(leftFile);
        }
    }

    private void compareTargets(int leftDirectory, int rightDirectory, byte[] name) throws IOException {
        if (aspects.contains(Aspect.TARGET)) {
            equal(name, "size of the target", left.size(), right.size());
            byte[] leftTarget = LinkCalls.readlinkat(leftDirectory, CString.first(name));
            byte[] rightTarget = LinkCalls.readlinkat(rightDirectory, CString.first(name));
            if (!Arrays.equals(leftTarget, rightTarget)) {
                differ(name, "target", PrintableBytes.of(leftTarget), PrintableBytes.of(rightTarget));
            }
        }
        compareAttributesByName(leftDirectory, rightDirectory, name);
    }

    private void compareAttributesByName(int leftDirectory, int rightDirectory, byte[] name) throws IOException {
        if (aspects.contains(Aspect.ATTRIBUTES)) {
            compareAttributes(name, Attributes.of(leftDirectory, name), Attributes.of(rightDirectory, name));
        }
    }

    private void compareAttributes(byte[] name, Attributes leftOnes, Attributes rightOnes) {
        if (!leftOnes.equals(rightOnes)) {
            differ(name, "attributes", leftOnes.toString(), rightOnes.toString());
        }
    }

    private void equal(byte[] name, String what, long leftValue, long rightValue) {
        if (leftValue != rightValue) {
            differ(name, what, Long.toString(leftValue), Long.toString(rightValue));
        }
    }

    private void differ(byte[] name, String what, String leftValue, String rightValue) {
        differences.accept(name, what + " " + leftValue + " on the left, " + rightValue + " on the right");
    }

    private static String octal(int mode) {
        return Integer.toOctalString(mode);
    }
}

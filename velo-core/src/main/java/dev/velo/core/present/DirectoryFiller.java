package dev.velo.core.present;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills one directory after another with the entries of a manifest, for one thread of a checkout. */
final class DirectoryFiller {
    private static final int WHILE_FILLED = 0700;
    private static final int WRITE_BITS = 0222;
    private static final int WARNINGS_LISTED = 100;

    private final Manifest manifest;
    private final CheckoutMode mode;
    private final MetadataPolicy metadata;
    private final TreePlan plan;
    private final @Nullable LooseObjects loose; // null for files that are not links
    private final FileCopies copies;
    private final List<String> warnings = new ArrayList<>();

    /** Once no link could be made to the target, which is all on one file system, no inode is made for one any more. */
    private boolean otherFileSystem;

    private long linked;
    private long copied;

    DirectoryFiller(
            Store store, Packs packs, Manifest manifest, CheckoutMode mode, MetadataPolicy metadata, TreePlan plan)
            throws IOException {
        this.manifest = manifest;
        this.mode = mode;
        this.metadata = metadata;
        this.plan = plan;
        this.loose = switch (mode) {
            case LINK -> new LooseObjects(store, packs, manifest, metadata, LooseObjects.Writability.NOBODY);
            case FARM -> new LooseObjects(store, packs, manifest, metadata, LooseObjects.Writability.AS_STORED);
            case REFLINK, COPY -> null;
        };
        this.copies = new FileCopies(
                packs,
                manifest,
                metadata,
                switch (mode) {
                    case REFLINK -> FileCopies.Blocks.SHARED;
                    case COPY -> FileCopies.Blocks.OWN;
                    case LINK, FARM -> FileCopies.Blocks.SHARED_WHERE_POSSIBLE;
                });
    }

    /** Makes the subdirectories of this directory and returns them. */
    int[] makeDirectories(int fd, int directory) throws IOException {
        int first = manifest.firstChild(directory);
        int end = first + manifest.childCount(directory);
        int[] made = new int[end - first];
        int count = 0;
        for (int entry = first; entry < end; entry++) {
            if (manifest.kind(entry) == EntryKind.DIRECTORY) {
                LinkCalls.mkdirat(fd, manifest.nameAddress(entry), WHILE_FILLED);
                made[count++] = entry;
            }
        }
        return Arrays.copyOf(made, count);
    }

    /** Makes everything else that is directly in this directory. */
    void fill(int fd, int directory) throws IOException {
        int first = manifest.firstChild(directory);
        int end = first + manifest.childCount(directory);
        for (int entry = first; entry < end; entry++) {
            switch (manifest.kind(entry)) {
                case FILE -> file(fd, entry);
                case SYMLINK -> {
                    LinkCalls.symlinkat(manifest.targetAddress(entry), fd, manifest.nameAddress(entry));
                    byName(fd, entry, FileCalls.AT_SYMLINK_NOFOLLOW);
                }
                case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> special(fd, entry);
                case DIRECTORY, HARD_LINK -> {}
            }
        }
        if (!plan.isLate(directory)) {
            finish(fd, directory);
        }
    }

    /** Gives a directory its metadata, once nothing more is made in it. */
    void finish(int fd, int directory) throws IOException {
        FileMetadata.apply(metadata, manifest, directory, fd, manifest.permissions(directory));
    }

    private void file(int fd, int entry) throws IOException {
        // empty files are never linked: programs use them as locks and marks of their own
        if (loose != null && manifest.blob(entry) >= 0) {
            int result = otherFileSystem ? Errno.EXDEV.number() : loose.link(fd, entry, plan.copyNumber(entry));
            if (result == 0) {
                linked++;
                return;
            }
            otherFileSystem = result == Errno.EXDEV.number();
            copied++;
        }
        int bits = metadata.mode(manifest, entry);
        copies.make(fd, entry, mode == CheckoutMode.LINK && manifest.blob(entry) >= 0 ? bits & ~WRITE_BITS : bits);
    }

    private void special(int fd, int entry) throws IOException {
        if (metadata.leavesOut(manifest, entry)) {
            if (warnings.size() < WARNINGS_LISTED) {
                warnings.add(PathBytes.show(manifest.name(entry))
                        + ": a device node, left out because the tree is not trusted (--trust)");
            }
            return;
        }
        EntryKind kind = manifest.kind(entry);
        long device = kind.isDevice() ? manifest.device(entry) : 0;
        LinkCalls.mknodat(fd, manifest.nameAddress(entry), kind.typeBits() | 0600, (int) (device >>> 32), (int) device);
        byName(fd, entry, FileCalls.AT_SYMLINK_NOFOLLOW);
    }

    private void byName(int fd, int entry, int flags) throws IOException {
        long name = manifest.nameAddress(entry);
        if (metadata.keepsOwner(manifest, entry)) {
            AttributeCalls.fchownat(fd, name, manifest.uid(entry), manifest.gid(entry), flags);
        }
        if (manifest.kind(entry) != EntryKind.SYMLINK) {
            AttributeCalls.fchmodat(fd, name, metadata.mode(manifest, entry));
        }
        AttributeCalls.utimensat(fd, name, manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry), flags);
    }

    long linked() {
        return linked;
    }

    long made() {
        return loose == null ? 0 : loose.made();
    }

    long copied() {
        return copied;
    }

    List<String> warnings() {
        return warnings;
    }
}

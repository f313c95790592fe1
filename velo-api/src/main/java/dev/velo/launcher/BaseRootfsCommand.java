package dev.velo.launcher;

import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OwnerPolicy;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.present.User;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.tar.TarTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo base rootfs}: a root file system that is there already. */
@Command(
        name = "rootfs",
        sortOptions = false,
        description =
                "Makes a base of a root file system, unpacked or in a tar archive; the archive of an image's layer becomes"
                        + " a layer.")
final class BaseRootfsCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final String ARCHIVE_SUFFIX = "\\.(tar(\\.[a-z0-9]+)?|t(gz|xz|bz2?|zst))$";

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            paramLabel = "DIR|TAR",
            description =
                    "The directory, such as debootstrap makes; or the archive, compressed by gzip, xz, bzip2 or zstd, or not;"
                            + " - for one on standard input.")
    private String rootfs = "";

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--owner",
            paramLabel = "squash|keep",
            description =
                    "keep: user and group numbers are stored; the default for root. squash: no owners are stored,"
                            + " files belong to whoever looks; the default for others, whose directories tell nothing of owners.")
    private @Nullable OwnerPolicy owner;

    @Option(
            names = "--mtime",
            paramLabel = "exact|TIME",
            description =
                    "exact (default): to the nanosecond. TIME: one time for all, as 2024-01-01T00:00:00Z or @SECONDS.")
    private String mtime = "exact";

    @Option(
            names = "--trust",
            description = "Setuid bits, capabilities and device nodes of this tree may become real when it is shown.")
    private boolean trust;

    @Option(names = "--one-file-system", description = "Takes what is mounted in a directory as empty.")
    private boolean oneFileSystem;

    @Override
    public Integer call() throws IOException {
        if (rootfs.equals(STANDARD_INPUT)) {
            if (output.isUnnamed()) {
                throw new IllegalArgumentException(
                        "an archive on standard input has no name; name the manifest with -o");
            }
            archive("standard input", new FileInputStream(FileDescriptor.in), new byte[0]);
            return 0;
        }
        byte[] path = ProcessFacts.path(rootfs);
        try (Descriptor there = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_RDONLY, 0))) {
            Statx stat = new Statx();
            FileCalls.fstatx(there.fd(), stat);
            if (stat.type() == Statx.S_IFDIR) {
                directory(IngestCommand.realPath(path));
                return 0;
            }
            try (InputStream in = new FileInputStream("/proc/self/fd/" + there.fd())) {
                archive(StoreOptions.shown(path), in, PathBytes.lastName(path));
            }
        }
        return 0;
    }

    private void directory(byte[] tree) throws IOException {
        byte[] manifest = output.manifest(PathBytes.lastName(tree));
        IngestOptions options = options(User.current().isRoot() ? OwnerPolicy.KEEP : OwnerPolicy.SQUASH);
        try (Store opened = store.open()) {
            output.store(opened, manifest, progress -> Ingest.run(opened, tree, manifest, options, progress));
        }
    }

    private void archive(String shown, InputStream in, byte[] name) throws IOException {
        String stem = new String(name, StandardCharsets.ISO_8859_1).replaceFirst(ARCHIVE_SUFFIX, "");
        byte[] manifest = output.manifest(PathBytes.of(stem));
        IngestOptions options = options(OwnerPolicy.KEEP);
        try (Store opened = store.open()) {
            output.store(
                    opened,
                    manifest,
                    progress -> TreeIntake.run(opened, manifest, options, progress, new TarTree(shown, in)));
        }
    }

    private IngestOptions options(OwnerPolicy owners) {
        Set<IngestOptions.Choice> choices = output.choices();
        if (oneFileSystem) {
            choices.add(IngestOptions.Choice.ONE_FILE_SYSTEM);
        }
        return IngestOptions.defaults()
                .withOwner(owner == null ? owners : owner)
                .withMtime(OutputOptions.mtime(mtime))
                .withSync(output.sync())
                .withTrust(trust ? Root.Trust.TRUSTED : Root.Trust.UNTRUSTED)
                .withChoices(choices);
    }
}

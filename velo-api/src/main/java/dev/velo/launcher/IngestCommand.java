package dev.velo.launcher;

import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OwnerPolicy;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo ingest}: a directory becomes a manifest, and its files blobs of the store. */
@Command(
        name = "ingest",
        sortOptions = false,
        description = "Takes a directory tree into the store and writes its manifest.")
final class IngestCommand implements Callable<Integer> {
    private static final long DEFAULT_PACK_MIB = 1024;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(paramLabel = "DIR", description = "The tree to ingest.")
    private String tree = "";

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--owner",
            paramLabel = "squash|keep",
            description =
                    "squash (default): no owners are stored, files belong to whoever looks. keep: user and group numbers.")
    private OwnerPolicy owner = OwnerPolicy.SQUASH;

    @Option(
            names = "--mtime",
            paramLabel = "exact|TIME",
            description =
                    "exact (default): to the nanosecond. TIME: one time for all, as 2024-01-01T00:00:00Z or @SECONDS, so that"
                            + " equal contents make equal trees.")
    private String mtime = "exact";

    @Option(
            names = "--trust",
            description = "Setuid bits, capabilities and device nodes of this tree may become real when it is shown.")
    private boolean trust;

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Leaves out what matches (gitignore syntax); may be repeated.")
    private List<String> excludes = List.of();

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "Takes what matches although it is excluded; may be repeated.")
    private List<String> includes = List.of();

    @Option(names = "--prefix", paramLabel = "PATH", description = "Puts the tree under this path inside its manifest.")
    private String prefix = "";

    @Option(names = "--one-file-system", description = "Takes directories on other file systems as empty.")
    private boolean oneFileSystem;

    @Option(names = "--skip-unreadable", description = "Warns of what cannot be read, instead of failing.")
    private boolean skipUnreadable;

    @Option(names = "--rehash", description = "Reads every file, whatever the stat cache remembers.")
    private boolean rehash;

    @Option(names = "--pack-size", paramLabel = "MIB", description = "A pack is closed at this size (default 1024).")
    private long packMebibytes = DEFAULT_PACK_MIB;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads read and hash; by default one per processor.")
    private int threads = Workers.processors();

    @Override
    public Integer call() throws IOException {
        byte[] treePath = realPath(ProcessFacts.path(tree));
        byte[] manifestPath = output.manifest(PathBytes.lastName(treePath));
        try (Store opened = store.open()) {
            output.store(
                    opened, manifestPath, progress -> Ingest.run(opened, treePath, manifestPath, options(), progress));
        }
        return 0;
    }

    private IngestOptions options() {
        Set<IngestOptions.Choice> choices = output.choices();
        if (oneFileSystem) {
            choices.add(IngestOptions.Choice.ONE_FILE_SYSTEM);
        }
        if (skipUnreadable) {
            choices.add(IngestOptions.Choice.SKIP_UNREADABLE);
        }
        if (rehash) {
            choices.add(IngestOptions.Choice.REHASH);
        }
        if (packMebibytes < 1 || threads < 1) {
            throw new IllegalArgumentException("--pack-size and --threads are at least 1");
        }
        return new IngestOptions(
                owner,
                OutputOptions.mtime(mtime),
                output.sync(),
                trust ? Root.Trust.TRUSTED : Root.Trust.UNTRUSTED,
                choices,
                excludes,
                includes,
                prefix.getBytes(StandardCharsets.ISO_8859_1),
                threads,
                packMebibytes << 20);
    }

    /** The path of a directory without symbolic links, as the kernel has it. */
    static byte[] realPath(byte[] path) throws IOException {
        int flags = FileCalls.O_PATH | FileCalls.O_DIRECTORY;
        try (Descriptor directory = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0))) {
            return LinkCalls.readlinkat(FileCalls.AT_FDCWD, PathBytes.of("/proc/self/fd/" + directory.fd()));
        }
    }
}

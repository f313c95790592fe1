package dev.velo.launcher;

import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OwnerPolicy;
import dev.velo.core.present.User;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo base rootfs}: a root file system that is there already. */
@Command(name = "rootfs", sortOptions = false, description = "Makes a base of an unpacked root file system.")
final class BaseRootfsCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(paramLabel = "DIR", description = "The directory, such as debootstrap makes.")
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

    @Option(names = "--one-file-system", description = "Takes what is mounted in the directory as empty.")
    private boolean oneFileSystem;

    @Override
    public Integer call() throws IOException {
        byte[] tree = IngestCommand.realPath(ProcessFacts.path(rootfs));
        byte[] manifest = output.manifest(PathBytes.lastName(tree));
        OwnerPolicy owners = User.current().isRoot() ? OwnerPolicy.KEEP : OwnerPolicy.SQUASH;
        try (Store opened = store.open()) {
            output.store(opened, manifest, progress -> Ingest.run(opened, tree, manifest, options(owners), progress));
        }
        return 0;
    }

    private IngestOptions options(OwnerPolicy owners) {
        Set<IngestOptions.Choice> choices = EnumSet.noneOf(IngestOptions.Choice.class);
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

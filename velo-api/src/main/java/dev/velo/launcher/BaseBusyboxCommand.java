package dev.velo.launcher;

import dev.velo.core.base.Busybox;
import dev.velo.core.base.BusyboxTree;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.PlanCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code velo base busybox}: the smallest system with a shell. */
@Command(
        name = "busybox",
        sortOptions = false,
        description = {
            "Makes a base of a busybox that is linked statically: its commands, the usual directories, and as much of /etc as"
                    + " programs need to know users and this host. The same busybox always makes the same tree."
        })
final class BaseBusyboxCommand implements Callable<Integer> {
    private static final byte[] NAME = PathBytes.of("busybox");

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description = "The busybox; by default that of /bin, /usr/bin or along $$PATH.")
    private @Nullable String path;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws IOException {
        byte[] manifest = output.manifest(NAME);
        try (Busybox busybox = path == null ? Busybox.find(candidates()) : Busybox.open(ProcessFacts.path(path));
                Store opened = store.open()) {
            IngestOptions options =
                    IngestOptions.defaults().withSync(output.sync()).withChoices(output.choices());
            output.store(
                    opened,
                    manifest,
                    progress -> TreeIntake.run(opened, manifest, options, progress, new BusyboxTree(busybox)));
        }
        return 0;
    }

    private static List<byte[]> candidates() {
        List<byte[]> candidates = new ArrayList<>();
        candidates.add(PathBytes.of("/bin/busybox"));
        candidates.add(PathBytes.of("/usr/bin/busybox"));
        byte[] search = ProcessFacts.variable("PATH").getBytes(StandardCharsets.ISO_8859_1);
        candidates.addAll(PlanCalls.candidates(NAME, search));
        return candidates;
    }
}

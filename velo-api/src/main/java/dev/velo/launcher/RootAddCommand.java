package dev.velo.launcher;

import dev.velo.core.store.Registration;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.verify.BootCheck;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo root add}: registers manifests that were made elsewhere. */
@Command(
        name = "add",
        sortOptions = false,
        description = {
            "Registers manifests whose blobs are all in the store, so that no collection takes those.",
            "The store keeps a copy of each. Of their origin nothing is known, so that showing them takes --at."
        })
final class RootAddCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(arity = "1..*", paramLabel = "MANIFEST", description = "The manifest files.")
    private List<String> manifests = List.of();

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            BootCheck.run(opened);
            Registration registration = new Registration(opened);
            for (String manifest : manifests) {
                Root root = registration.add(ProcessFacts.path(manifest));
                if (!quiet) {
                    Terminal.out()
                            .println(StoreOptions.shown(root.manifestPath()) + ": registered; tree " + root.tree());
                }
            }
        }
        return 0;
    }
}

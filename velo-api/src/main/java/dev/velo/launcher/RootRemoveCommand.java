package dev.velo.launcher;

import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo root remove}: takes registrations back. */
@Command(
        name = "remove",
        sortOptions = false,
        description = {
            "Takes registrations back, so that a collection may take what no other registered tree needs.",
            "Manifest files stay as they are. If one of the arguments is not registered, nothing is done."
        })
final class RootRemoveCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "MANIFEST|TREE",
            description =
                    "The path of a registered manifest, also if that is gone; or the digest of a tree, for all manifests"
                            + " of it.")
    private List<String> names = List.of();

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            opened.requireWritable();
            Roots roots = new Roots(opened);
            for (Root root : NamedRoots.of(opened, names)) {
                remove(roots, root);
            }
        }
        return 0;
    }

    private void remove(Roots roots, Root root) throws IOException {
        // it may have been named twice, or removed by somebody else meanwhile
        if (roots.remove(root.manifestPath()) && !quiet) {
            Terminal.out()
                    .println(
                            StoreOptions.shown(root.manifestPath()) + ": not registered any more; tree " + root.tree());
        }
    }
}

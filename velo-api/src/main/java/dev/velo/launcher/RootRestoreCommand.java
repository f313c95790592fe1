package dev.velo.launcher;

import dev.velo.core.store.Registration;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo root restore}: writes manifest files again that have gone. */
@Command(
        name = "restore",
        sortOptions = false,
        description = {
            "Writes registered manifests whose files have gone (stale) to their paths again, from the store's copies.",
            "Files that are there stay as they are. A directory that was run as it was, and has gone, has no manifest: say -o, and"
                    + " velo checkout makes it again."
        })
final class RootRestoreCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "MANIFEST|TREE",
            description = "The path of a registered manifest, or the digest of a tree, for all manifests of it.")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Writes the one manifest that is named here instead, and registers it here as well.")
    private @Nullable String output;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            List<Root> named = NamedRoots.of(opened, names);
            if (output != null) {
                restore(opened, one(named), ProcessFacts.path(output));
                return 0;
            }
            int status = 0;
            for (Root root : named) {
                try {
                    restore(opened, root);
                } catch (IOException e) {
                    Terminal.err().println("velo: " + Failure.sentence(e));
                    status = 1;
                }
            }
            return status;
        }
    }

    private static Root one(List<Root> named) throws IOException {
        Root first = named.getFirst();
        if (named.stream().anyMatch(root -> !root.tree().equals(first.tree()))) {
            throw new IOException(
                    "--output names one file, and the arguments are of different trees; name one of them");
        }
        return first;
    }

    /** Where the manifest stood; a tree that was run as a directory had none. */
    private static byte[] fileOf(Root root) throws IOException {
        if (Arrays.equals(root.manifestPath(), root.origin())) {
            throw new IOException(StoreOptions.shown(root.manifestPath())
                    + " was a directory, which has no manifest to restore; say with -o where one is to be written, and velo"
                    + " checkout makes the directory again");
        }
        return root.manifestPath();
    }

    private void restore(Store opened, Root root) throws IOException {
        if (Roots.isStale(root)) {
            restore(opened, root, fileOf(root));
        } else {
            tell(root, ": is there already; tree ");
        }
    }

    private void restore(Store opened, Root root, byte[] path) throws IOException {
        tell(new Registration(opened).restore(root, path), ": restored; tree ");
    }

    private void tell(Root root, String what) {
        if (!quiet) {
            Terminal.out().println(StoreOptions.shown(root.manifestPath()) + what + root.tree());
        }
    }
}

package dev.velo.launcher;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final String DIGEST = "[0-9a-f]{64}";

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
            List<Root> found = new ArrayList<>();
            for (String name : names) {
                found.addAll(named(opened, roots, name));
            }
            for (Root root : found) {
                remove(roots, root);
            }
        }
        return 0;
    }

    private static List<Root> named(Store opened, Roots roots, String name) throws IOException {
        List<Root> found = new ArrayList<>();
        byte[] path = ProcessFacts.path(name);
        for (Root root : roots.readable(damaged -> {})) {
            boolean isTree = name.matches(DIGEST) && root.tree().equals(Digest.parse(name));
            if (isTree || Arrays.equals(root.manifestPath(), path)) {
                found.add(root);
            }
        }
        if (found.isEmpty()) {
            requireReadable(roots, path);
            String shown = name.matches(DIGEST) ? "the tree " + name : StoreOptions.shown(path);
            throw new IOException(shown + " is not registered in " + StoreOptions.shown(opened.path())
                    + ", and nothing was removed; velo root list names what is");
        }
        return found;
    }

    private static void requireReadable(Roots roots, byte[] path) throws IOException {
        try {
            roots.at(path);
        } catch (FormatException e) {
            throw new IOException(e.getMessage() + "; velo verify --repair puts it aside", e);
        }
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

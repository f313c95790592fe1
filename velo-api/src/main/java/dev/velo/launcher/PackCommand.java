package dev.velo.launcher;

import dev.velo.core.store.Profile;
import dev.velo.core.store.ProfilePack;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.view.Images;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo pack}: lays blobs of a tree together. */
@Command(
        name = "pack",
        sortOptions = false,
        description = {
            "Lays together, in one pack, the blobs that recorded runs of a tree have read (velo run --record), so that its next cold"
                    + " start reads one stretch of the disk. Later runs of the tree read it ahead by themselves."
        })
final class PackCommand implements Callable<Integer> {
    /** What is done with the profile. */
    static final class Action {
        @Option(names = "--profile", description = "Writes the pack.")
        @SuppressWarnings("UnusedVariable") // the other one is asked for
        private boolean profile;

        @Option(names = "--forget", description = "Forgets what was recorded of the tree, and the pack with it.")
        private boolean forget;
    }

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @ArgGroup(multiplicity = "1")
    private Action action = new Action();

    @Parameters(index = "0", paramLabel = "MANIFEST", description = "The manifest of the tree.")
    private String manifest = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.open()) {
            Root root = StoreOptions.rootOf(opened, ProcessFacts.path(manifest));
            Profiles profiles = new Profiles(opened);
            if (action.forget) {
                profiles.change(root.tree(), now -> Profile.NONE);
                Images.forget(opened, root.tree());
                return 0;
            }
            Profile profile = profiles.of(root.tree());
            if (profile.parts().isEmpty()) {
                throw new IOException("nothing is recorded of " + StoreOptions.shown(root.manifestPath())
                        + "; run a command with velo run --record first");
            }
            ProfilePack.Report report =
                    ProfilePack.write(opened, root.tree(), TreeArgument.manifestOf(opened, root), profile);
            Images.forget(opened, root.tree());
            if (!quiet) {
                Terminal.out()
                        .println("pack " + report.pack() + ": " + report.blobs() + " blobs, "
                                + Sizes.of(report.bytes()) + ", of which " + Sizes.of(report.readBytes())
                                + " are read ahead");
            }
        }
        return 0;
    }
}

package dev.velo.launcher;

import dev.velo.core.present.Anchor;
import dev.velo.core.present.Anchors;
import dev.velo.core.present.DirectoryMount;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.Prefetch;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.Upper;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo mount}: the kernel shows a tree at a directory until it is unmounted. */
@Command(
        name = "mount",
        sortOptions = false,
        description = {
            "Mounts a tree at a directory, read-only unless asked otherwise, for everybody, until velo umount. Takes root.",
            "TREE is a manifest, or a directory, which is ingested first."
        })
final class MountCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "TREE", description = "The manifest or directory.")
    private String tree = "";

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "An existing directory; what it holds is hidden meanwhile.")
    private String directory = "";

    @Option(names = "--writable", description = "Writes go to memory and are thrown away when the tree is unmounted.")
    private boolean writable;

    @Option(names = "--upper", paramLabel = "DIR", description = "Writes go to DIR and are kept.")
    private @Nullable String upper;

    @Option(
            names = "--prefetch",
            description = "Reads the whole tree from the disk at once, in few long reads, before it returns.")
    private boolean prefetch;

    @Option(names = "--trust", description = "Setuid bits, capabilities and device nodes are shown; none takes effect.")
    private boolean trust;

    @Override
    public Integer call() throws IOException {
        if (writable && upper != null) {
            throw new IOException("--writable throws away what --upper keeps; name one of them");
        }
        try (Store opened = store.open()) {
            Root.Trust wanted = trust ? Root.Trust.TRUSTED : Root.Trust.UNTRUSTED;
            Root root = TreeArgument.rootOf(opened, ProcessFacts.path(tree), wanted);
            Presenter presenter = new Presenter(
                    opened,
                    root.tree(),
                    TreeArgument.policy(root, wanted),
                    () -> TreeArgument.manifestOf(opened, root));
            try (Anchor anchor = presenter.anchor()) {
                if (prefetch) {
                    Prefetch.now(opened, anchor);
                }
                DirectoryMount.show(new Anchors(opened), anchor, ProcessFacts.path(directory), writes(root));
            }
        }
        return 0;
    }

    private LaunchOptions.Writes writes(Root root) throws IOException {
        if (writable) {
            TreeArgument.requireMemoryUppers();
            return new LaunchOptions.Writes.Discarded();
        }
        return upper == null
                ? new LaunchOptions.Writes.Refused()
                : new LaunchOptions.Writes.Kept(Upper.open(ProcessFacts.path(upper), root.tree()));
    }
}

package dev.velo.launcher;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.ShimFiles;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.LocalPath;
import dev.velo.core.tree.PathBytes;
import dev.velo.process.RunnerProcess;
import dev.velo.process.Streams;
import dev.velo.shim.ShimLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows a tree of one file to programs of this system by the preload shim, and looks whether they see it. */
final class ShimTrial {
    private static final String TEXT = "seen by the shim";
    private static final byte[] PLACE = PathBytes.of("/velo-doctor/tree");
    private static final String AUDITED = "audited";
    private static final String SCRIPT =
            "cat file; if grep -q libvelo-audit /proc/self/maps; then echo " + AUDITED + "; fi";

    private ShimTrial() {}

    /**
     * What came of it.
     *
     * @param failure why the tree was not seen; null if it was
     * @param isAudited the loader took the audit library, by which shared libraries of trees are found
     */
    record Result(@Nullable String failure, boolean isAudited) {}

    /** With the libraries of this store, and a store of its own for the tree. */
    static Result run(Store libraries) throws IOException {
        // on the store's own file system, whose mount options are those that count
        Path folder = Files.createDirectory(
                LocalPath.of(PathBytes.join(libraries.making(Store.Room.COPIES).path(), PublishedFile.newName())));
        try {
            ShimFiles shim = ShimLibraries.BUILT.in(libraries.making(Store.Room.SHIM));
            Files.writeString(Files.createDirectory(folder.resolve("tree")).resolve("file"), TEXT + "\n");
            try (Store own = Store.open(PathBytes.of(folder.resolve("store")))) {
                return judged(output(own, folder, shim));
            }
        } catch (IOException e) {
            return new Result(Failure.sentence(e), false);
        } finally {
            Trash.discard(PathBytes.of(folder), new IOException("the trial is over"));
        }
    }

    private static Result judged(String output) {
        boolean seen = output.lines().anyMatch(TEXT::equals);
        return new Result(
                seen
                        ? null
                        : "the shim loads, and yet programs do not see the tree; --mode mount and --mode link work without it",
                output.lines().anyMatch(AUDITED::equals));
    }

    private static String output(Store own, Path folder, ShimFiles shim) throws IOException {
        byte[] tree = PathBytes.of(folder.resolve("tree"));
        byte[] manifest = PathBytes.of(folder.resolve("tree.velo"));
        Digest digest = Ingest.run(own, tree, manifest, IngestOptions.defaults(), new IngestListener() {})
                .tree();
        Root root = Root.unregistered(digest, manifest);
        Presenter presenter = new Presenter(
                        own,
                        digest,
                        TreeArgument.policy(root, Root.Trust.UNTRUSTED),
                        () -> Store.readManifest(manifest))
                .with(any -> shim);
        LaunchOptions options = new LaunchOptions(
                PLACE,
                PLACE,
                new LaunchOptions.Writes.Refused(),
                List.of(PathBytes.of("sh"), PathBytes.of("-c"), PathBytes.of(SCRIPT)),
                List.of(PathBytes.of("PATH=/usr/local/bin:/usr/bin:/bin")),
                0);
        Streams streams = Streams.PIPES.withError(Redirect.DISCARD);
        try (Presenter.Shown shown = presenter.by(Presentation.PRELOAD)) {
            Process process = RunnerProcess.start(shown.tree(), options, streams);
            process.getOutputStream().close();
            try (InputStream in = process.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}

package dev.velo.launcher;

import dev.velo.core.ingest.OverlayUpper;
import dev.velo.core.present.Anchor;
import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.FileRange;
import dev.velo.core.present.Prefetch;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.ShownTree;
import dev.velo.core.present.Upper;
import dev.velo.core.sandbox.Identity;
import dev.velo.core.sandbox.LimitDecision;
import dev.velo.core.sandbox.LimitPlan;
import dev.velo.core.sandbox.ResourceLimits;
import dev.velo.core.sandbox.SandboxLaunch;
import dev.velo.core.sandbox.SandboxOptions;
import dev.velo.core.sandbox.UserNamespace;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.LayeredTree;
import dev.velo.ffm.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code velo run --isolate}: puts together what the sandbox is made of. */
final class SandboxRun {
    private static final byte[] SLASH = PathBytes.of("/");

    private final Store store;
    private final IsolateOptions isolate;
    private final Request request;
    private final Launcher launcher;

    /**
     * What is said of a run, isolated or not.
     *
     * @param tree the tree, null if the bases are all there is
     * @param at where it appears, if that was said
     * @param chain how trees may be shown
     * @param upper the directory that keeps what is written to the root
     * @param directory the working directory, if it was said
     */
    record Request(
            @Nullable Root tree,
            @Nullable String at,
            List<Presentation> chain,
            Root.Trust trust,
            Reading reading,
            Writing writing,
            Telling telling,
            @Nullable String upper,
            @Nullable String directory,
            List<String> command) {}

    /** Whether trees are read ahead. */
    enum Reading {
        RECORDED,
        WHOLE
    }

    /** How much is told of what is done. */
    enum Telling {
        WHAT_FALLS_SHORT,
        ALL
    }

    /** Whether the command may write to its tree. */
    enum Writing {
        REFUSED,
        DISCARDED
    }

    /** Carries a plan out; returns the command's status, if this process stays itself. */
    @FunctionalInterface
    interface Launcher {
        int launch(Plan plan, List<Presenter.Shown> shown) throws IOException;
    }

    SandboxRun(Store store, IsolateOptions isolate, Request request, Launcher launcher) {
        this.store = store;
        this.isolate = isolate;
        this.request = request;
        this.launcher = launcher;
    }

    /** Returns the command's status, if this process stays itself. */
    int run() throws IOException {
        List<Root> layers = new ArrayList<>();
        for (String base : isolate.bases()) {
            layers.add(StoreOptions.rootOf(store, ProcessFacts.path(base)));
        }
        Root tree = request.tree();
        byte[] place = tree == null ? SLASH : place(tree, layers.isEmpty());
        if (tree != null && place.length == 1) {
            layers.addFirst(tree);
            tree = null;
        }
        if (layers.isEmpty()) {
            throw new IOException("a sandbox needs a root; name a manifest of one with --base");
        }
        LayeredTree root = LayeredTree.of(store, layers);
        Presenter presenter = presenter(root);
        LayeredTree app = tree == null ? null : LayeredTree.of(store, List.of(tree));
        byte[] origin = layers.getFirst().origin();
        byte[] target = isolate.save() == null ? null : ProcessFacts.path(isolate.save());
        Upper kept = upper(root);
        int status;
        try {
            SandboxSave save = target == null || kept == null
                    ? null
                    : new SandboxSave(store, root, kept, care(), target, origin, request.trust());
            status = presenter.auto(
                    request.chain(),
                    shown -> app == null
                            ? launch(shown, null, place, kept, save)
                            : presenter(app)
                                    .auto(request.chain(), shownApp -> launch(shown, shownApp, place, kept, save)));
        } finally {
            if (kept != null && request.upper() == null) {
                Trash.take(store, store.fd(Store.Room.COPIES), PathBytes.lastName(kept.path()));
            }
        }
        return status;
    }

    private OverlayUpper.Care care() {
        return request.upper() == null ? OverlayUpper.Care.DISPOSABLE : OverlayUpper.Care.KEPT;
    }

    /** The directory that keeps what is written, for the user or until it is saved; null for memory. */
    private @Nullable Upper upper(LayeredTree tree) throws IOException {
        if (request.upper() == null && isolate.save() == null) {
            TreeArgument.requireMemoryUppers();
            return null;
        }
        byte[] path;
        if (request.upper() != null) {
            path = ProcessFacts.path(request.upper());
        } else {
            store.requireWritable();
            path = PathBytes.join(store.path(Store.Room.COPIES), PublishedFile.newName());
        }
        return Upper.open(path, tree.tree());
    }

    private Presenter presenter(LayeredTree tree) {
        return new Presenter(store, tree.tree(), TreeArgument.policy(tree.trust(), request.trust()), tree.manifest());
    }

    private byte[] place(Root tree, boolean alone) throws IOException {
        if (request.at() != null) {
            byte[] place = ProcessFacts.path(request.at());
            if (alone && place.length > 1) {
                throw new IOException(
                        "a tree at " + PathBytes.show(place) + " needs a root around it; name one with --base");
            }
            return place;
        }
        if (!alone && tree.origin().length == 0) {
            throw new IOException(StoreOptions.shown(tree.manifestPath())
                    + " was not ingested here, so nobody knows where its tree belongs; say where with --at");
        }
        return alone ? SLASH : tree.origin();
    }

    private int launch(
            Presenter.Shown root,
            Presenter.@Nullable Shown app,
            byte[] place,
            @Nullable Upper kept,
            @Nullable SandboxSave save)
            throws IOException {
        try (UserNamespace users = subordinates()) {
            Identity identity = users == null
                    ? Identity.ofProcess(isolate.uid(), isolate.gid())
                    : new Identity.Subordinate(isolate.uid(), isolate.gid(), users);
            SandboxOptions options = new SandboxOptions(
                    root.directory(),
                    kept == null ? new SandboxOptions.Writes.Discarded() : SandboxOptions.Writes.Kept.handingOver(kept),
                    app == null ? List.of() : List.of(placed(app.directory(), place)),
                    binds(),
                    identity,
                    isolate.hostname().getBytes(StandardCharsets.ISO_8859_1),
                    isolate.network(),
                    isolate.calls(),
                    isolate.size() == null
                            ? OptionalLong.empty()
                            : OptionalLong.of(Sizes.parse("--size", isolate.size())),
                    limits(),
                    timeLimit(),
                    workingDirectory(app, place),
                    process(workingDirectory(app, place)));
            List<FileRange> ahead = new ArrayList<>(ahead(root));
            if (app != null) {
                ahead.addAll(ahead(app));
            }
            try (SandboxLaunch launch = SandboxLaunch.of(options, null)) {
                tell(launch.limits());
                int status =
                        launcher.launch(launch.ofLauncher(ahead), app == null ? List.of(root) : List.of(root, app));
                if (save != null) {
                    save.run(launch.mountPoints(), identity);
                }
                return status;
            }
        }
    }

    /** The range of users that was assigned to this one, if it is wanted. */
    private @Nullable UserNamespace subordinates() throws IOException {
        if (UserNamespace.isNeeded() || !isolate.wantsRange()) {
            return null;
        }
        if (isolate.save() != null) {
            throw new IOException(
                    "--save reads what the command wrote, which may belong to other users with --ids range;"
                            + " use --ids one");
        }
        return UserNamespace.ofSubordinates();
    }

    private SandboxOptions.PlacedTree placed(ShownTree tree, byte[] place) {
        SandboxOptions.Access access = request.writing() == Writing.DISCARDED
                ? SandboxOptions.Access.READ_WRITE
                : SandboxOptions.Access.READ_ONLY;
        return new SandboxOptions.PlacedTree(tree, place, access);
    }

    private List<FileRange> ahead(Presenter.Shown shown) throws IOException {
        if (!(shown.tree() instanceof Anchor anchor)) {
            return List.of();
        }
        return request.reading() == Reading.WHOLE ? Prefetch.of(store, anchor) : Prefetch.ofProfile(store, anchor);
    }

    private List<SandboxOptions.Bind> binds() throws IOException {
        List<SandboxOptions.Bind> binds = new ArrayList<>();
        for (String bind : isolate.binds()) {
            String[] parts = bind.split(":", -1);
            boolean readOnly = parts.length == 3 && parts[2].equals("ro");
            boolean sound = parts.length == 2 || (parts.length == 3 && (readOnly || parts[2].equals("rw")));
            if (!sound || parts[0].isEmpty() || !parts[1].startsWith("/")) {
                throw new IOException("--bind " + Terminal.decoded(bind)
                        + " is not SRC:DST or SRC:DST:ro, DST being an absolute path in the sandbox");
            }
            byte[] target = PathBytes.normalize(SLASH, parts[1].getBytes(StandardCharsets.ISO_8859_1));
            if (target.length == 1) {
                throw new IOException("--bind " + Terminal.decoded(bind) + " would hide the sandbox's root");
            }
            binds.add(new SandboxOptions.Bind(
                    ProcessFacts.path(parts[0]),
                    target,
                    readOnly ? SandboxOptions.Access.READ_ONLY : SandboxOptions.Access.READ_WRITE));
        }
        return binds;
    }

    private ResourceLimits limits() throws IOException {
        ResourceLimits limits = ResourceLimits.NONE;
        if (isolate.memory() != null) {
            limits = limits.withMemory(Sizes.parse("--memory", isolate.memory()));
        }
        if (isolate.pids() != null) {
            limits = limits.withPids(isolate.pids());
        }
        return isolate.cpu() == null ? limits : limits.withCpu(isolate.cpu());
    }

    /** What falls short of what was asked for is told in any case. */
    private void tell(LimitPlan limits) {
        for (LimitDecision decision : limits.decisions()) {
            if (request.telling() == Telling.ALL || !decision.remark().isEmpty()) {
                Terminal.err().println("velo: limit of " + decision.text());
            }
        }
    }

    private OptionalInt timeLimit() throws IOException {
        Double seconds = isolate.timeout();
        if (seconds == null) {
            return OptionalInt.empty();
        }
        double millis = seconds * 1000;
        if (!(millis >= 1 && millis <= Integer.MAX_VALUE)) {
            throw new IOException("--timeout " + seconds + " is no time between a millisecond and 24 days");
        }
        return OptionalInt.of((int) millis);
    }

    /** In the tree, or in the folder of it in which the launcher was started. */
    private byte[] workingDirectory(Presenter.@Nullable Shown app, byte[] place) throws IOException {
        if (request.directory() != null) {
            return PathBytes.normalize(place, request.directory().getBytes(StandardCharsets.ISO_8859_1));
        }
        byte[] current = ProcessFacts.workingDirectory();
        return app != null && PathBytes.isInside(current, place)
                ? WorkingDirectory.of(place, app.tree()::hasDirectory, current)
                : place;
    }

    private CommandProcess process(byte[] working) {
        List<byte[]> words = new ArrayList<>();
        request.command().forEach(word -> words.add(word.getBytes(StandardCharsets.ISO_8859_1)));
        return new CommandProcess(words, isolate.environment().variables(working), ProcessFacts.ignoredSignals());
    }
}

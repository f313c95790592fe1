package dev.velo.project;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.ingest.IdMap;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.MtimePolicy;
import dev.velo.core.ingest.OverlayUpper;
import dev.velo.core.ingest.Save;
import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.ShownTree;
import dev.velo.core.present.ToolLaunch;
import dev.velo.core.present.Upper;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Layers;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has a tool make a tree that is not known yet: in namespaces in which a folder of the store stands at the tree's place, out of the
 * nearest tree that is known, where the tool can build on one. What it made becomes a tree of the store under its key; the project stays
 * as it was, and a tool that fails leaves nothing.
 */
public final class TreeMaker {
    /** The time that all files of a tree have whose tools do not look at times: of npm's own archives, so that nothing is in the future. */
    private static final MtimePolicy ONE_TIME = new MtimePolicy.Fixed(Instant.ofEpochSecond(499_162_500));

    private static final byte[] LOG = PathBytes.of("log");
    private static final int LAST_LINES = 20;

    private final Store store;
    private final KnownTrees known;
    private final MakingListener listener;

    /** Runs a plan in a process beside this one, and awaits its status. */
    @FunctionalInterface
    public interface Starter {
        int run(Plan plan) throws IOException;
    }

    private final Starter starter;
    private final UserFacts user;

    public TreeMaker(Store store, UserFacts user, Starter starter, MakingListener listener) {
        this.store = store;
        this.known = new KnownTrees(store);
        this.user = user;
        this.starter = starter;
        this.listener = listener;
    }

    /** How a tree is made. */
    public enum Start {
        /** Out of the nearest tree that is known, if the tool can. */
        NEAREST,
        /** Out of nothing. */
        NOTHING
    }

    /** The tree of this key; it is made if nobody knows it. */
    @SuppressWarnings("try") // the lock is only held
    public Root require(ProjectTree tree, TreeKey key) throws IOException {
        Root there = known.find(key);
        if (there != null) {
            return there;
        }
        try (Descriptor alone = known.lock(key)) {
            there = known.find(key);
            return there != null
                    ? there
                    : make(tree, key, Start.NEAREST, known.manifest(key), IngestOptions.defaults());
        }
    }

    /** What the tool makes now out of nothing, whatever is known; its manifest is written to this path and not registered. */
    public Root again(ProjectTree tree, TreeKey key, byte[] manifest) throws IOException {
        IngestOptions options = IngestOptions.defaults().withChoices(Set.of(IngestOptions.Choice.NO_ROOT));
        return make(tree, key, Start.NOTHING, manifest, options);
    }

    private Root make(ProjectTree tree, TreeKey key, Start start, byte[] manifest, IngestOptions options)
            throws IOException {
        LockSketch sketch = sketch(tree);
        boolean canGrow =
                start == Start.NEAREST && !tree.declaration().growing().isEmpty();
        KnownTrees.Known seed = canGrow ? known.nearest(key, sketch) : null;
        if (seed != null) {
            try {
                return grow(tree, key, seed, sketch, manifest, options);
            } catch (ToolFailedException e) {
                listener.startsAgain(tree, e);
            }
        }
        return stage(tree, key, null, null, sketch, manifest, options);
    }

    private Root grow(
            ProjectTree tree,
            TreeKey key,
            KnownTrees.Known seed,
            LockSketch sketch,
            byte[] manifest,
            IngestOptions options)
            throws IOException {
        Root root = seed.root();
        Roots roots = new Roots(store);
        return new Presenter(store, root.tree(), ReadyTree.policy(), () -> roots.manifest(root))
                .auto(Presentation.DIRECTORIES, shown -> {
                    Manifest lower = roots.manifest(root);
                    return stage(tree, key, shown.directory(), lower, sketch, manifest, options);
                });
    }

    private Root stage(
            ProjectTree tree,
            TreeKey key,
            @Nullable ShownTree seed,
            @Nullable Manifest lower,
            LockSketch sketch,
            byte[] manifest,
            IngestOptions options)
            throws IOException {
        store.requireWritable();
        byte[] name = PublishedFile.newName();
        byte[] staging = PathBytes.join(store.path(Store.Room.COPIES), name);
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, staging, 0700);
        try {
            Upper upper = Upper.make(PathBytes.join(staging, PathBytes.of("tree")));
            Upper layer = isOutside(tree.project(), staging)
                    ? Upper.make(PathBytes.join(staging, PathBytes.of("project")))
                    : null;
            run(tree, new ToolLaunch.Places(tree.project().folder(), layer, tree.place(), upper, seed), staging);
            ToolTraces traces = new ToolTraces(tree, key, layer);
            traces.requireSameInputs();
            traces.requireOneTree();
            known.describe(key, sketch);
            return save(tree, upper, lower == null ? nothing() : lower, manifest, options);
        } finally {
            Trash.take(store, store.fd(Store.Room.COPIES), name);
            Trash.empty(store);
        }
    }

    /** A layer cannot lie in the project that it is laid over. */
    private static boolean isOutside(Project project, byte[] staging) {
        return !PathBytes.isInside(staging, project.folder());
    }

    private void run(ProjectTree tree, ToolLaunch.Places places, byte[] staging) throws IOException {
        boolean grows = places.seed() != null;
        List<String> words =
                grows ? tree.declaration().growing() : tree.declaration().command();
        List<byte[]> command = new ArrayList<>();
        words.forEach(word -> command.add(word.getBytes(StandardCharsets.UTF_8)));
        List<byte[]> environment =
                new ArrayList<>(CommandProcess.environmentIn(tree.folder(), user.environment()));
        environment.addAll(Presets.of(tree, user));
        CommandProcess process = new CommandProcess(command, environment, 0);
        byte[] log = listener.isShown() ? null : PathBytes.join(staging, LOG);
        listener.begins(tree, words, grows ? Start.NEAREST : Start.NOTHING);
        int status = starter.run(ToolLaunch.of(places, tree.folder(), process, log));
        if (status != 0) {
            throw new ToolFailedException(words, status, lastLines(log));
        }
    }

    private static List<String> lastLines(byte @Nullable [] log) throws IOException {
        String text = log == null ? null : SmallFiles.text(log);
        if (text == null) {
            return List.of();
        }
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    }

    private Root save(ProjectTree tree, Upper upper, Manifest lower, byte[] manifest, IngestOptions options)
            throws IOException {
        OverlayUpper written = new OverlayUpper(
                upper.upper(), List.of(), IdMap.IDENTITY, IdMap.IDENTITY, OverlayUpper.Care.DISPOSABLE);
        MtimePolicy times =
                tree.declaration().ecosystem().times() == Ecosystem.Times.ONE ? ONE_TIME : new MtimePolicy.Exact();
        IngestReport report;
        try (MakingListener.Taking taking = listener.taking(tree)) {
            report = Save.run(
                            store,
                            written,
                            List.of(lower),
                            manifest,
                            tree.place(),
                            options.withMtime(times),
                            taking.progress())
                    .report();
        }
        listener.made(tree, report);
        Root registered = new Roots(store).find(manifest);
        return registered == null ? Root.unregistered(report.tree(), manifest) : registered;
    }

    /** A tree of one empty directory. */
    private static Manifest nothing() throws IOException {
        ManifestBuilder builder = new ManifestBuilder(1);
        builder.entry(EntryKind.DIRECTORY, new byte[0], 0, 0, 0755);
        builder.children(0);
        return Layers.built("an empty tree", builder).manifest();
    }

    private static LockSketch sketch(ProjectTree tree) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : tree.inputs()) {
            byte[] contents = SmallFiles.read(tree.input(name));
            if (contents != null) {
                files.add(contents);
            }
        }
        return LockSketch.of(files);
    }
}

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
 * nearest tree that is known, where the tool can build on one. What it made becomes a tree of the store under its key, and what it made in
 * further places becomes parts of that; the project stays as it was, and a tool that fails leaves nothing.
 */
public final class TreeMaker {
    /** The time that all files of a tree have whose tools do not look at times: of npm's own archives, so that nothing is in the future. */
    static final MtimePolicy ONE_TIME = new MtimePolicy.Fixed(Instant.ofEpochSecond(499_162_500));

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

    /** Where what is made goes. */
    private interface Target {
        /** Absolute path of the manifest of the tree, or part, of a key. */
        byte[] manifest(TreeKey key);

        /** Notes what is known of a tree, or part, whose manifest is about to be written. */
        void describe(TreeKey key, LockSketch sketch, List<String> parts) throws IOException;

        IngestOptions options();
    }

    /** The trees of the store. */
    private record Keeping(KnownTrees known) implements Target {
        @Override
        public byte[] manifest(TreeKey key) {
            return known.manifest(key);
        }

        @Override
        public void describe(TreeKey key, LockSketch sketch, List<String> parts) throws IOException {
            known.describe(key, sketch, parts);
        }

        @Override
        public IngestOptions options() {
            return IngestOptions.defaults();
        }
    }

    /** A folder for manifests that nobody shall know. */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    private record Aside(byte[] folder) implements Target {
        @Override
        public byte[] manifest(TreeKey key) {
            return PathBytes.join(folder, PathBytes.of(key.digest().toString()));
        }

        @Override
        public void describe(TreeKey key, LockSketch sketch, List<String> parts) {}

        @Override
        public IngestOptions options() {
            return IngestOptions.defaults().withChoices(Set.of(IngestOptions.Choice.NO_ROOT));
        }
    }

    /** What is made, and where that goes. */
    private record Making(ProjectTree tree, TreeKey key, LockSketch sketch, Target target) {}

    /** The tree of this key; it is made if nobody knows it, or not all of its parts. */
    @SuppressWarnings("try") // the lock is only held
    public ReadyTree require(ProjectTree tree, TreeKey key) throws IOException {
        ReadyTree there = known.find(tree, key);
        if (there != null) {
            return there;
        }
        try (Descriptor alone = known.lock(key)) {
            there = known.find(tree, key);
            return there != null ? there : make(new Making(tree, key, sketch(tree), new Keeping(known)), Start.NEAREST);
        }
    }

    /**
     * What the tool makes now out of nothing, whatever is known; the manifests of the tree and its parts are written to this folder and
     * not registered.
     */
    public ReadyTree again(ProjectTree tree, TreeKey key, byte[] folder) throws IOException {
        return make(new Making(tree, key, sketch(tree), new Aside(folder)), Start.NOTHING);
    }

    private ReadyTree make(Making making, Start start) throws IOException {
        boolean canGrow =
                start == Start.NEAREST && !making.tree().declaration().growing().isEmpty();
        KnownTrees.Known seed = canGrow ? known.nearest(making.key(), making.sketch()) : null;
        if (seed != null) {
            try {
                return grow(making, seed);
            } catch (ToolFailedException e) {
                listener.startsAgain(making.tree(), e);
            }
        }
        return stage(making, null, null);
    }

    private ReadyTree grow(Making making, KnownTrees.Known seed) throws IOException {
        Root root = seed.root();
        Roots roots = new Roots(store);
        return new Presenter(store, root.tree(), ReadyTree.policy(), () -> roots.manifest(root))
                .auto(Presentation.DIRECTORIES, shown -> {
                    Manifest lower = roots.manifest(root);
                    return stage(making, shown.directory(), lower);
                });
    }

    private ReadyTree stage(Making making, @Nullable ShownTree seed, @Nullable Manifest lower) throws IOException {
        store.requireWritable();
        ProjectTree tree = making.tree();
        byte[] name = PublishedFile.newName();
        byte[] staging = PathBytes.join(store.path(Store.Room.COPIES), name);
        LinkCalls.mkdirat(FileCalls.AT_FDCWD, staging, 0700);
        try {
            Upper upper = Upper.make(PathBytes.join(staging, PathBytes.of("tree")));
            Upper layer = isOutside(tree.project(), staging)
                    ? Upper.make(PathBytes.join(staging, PathBytes.of("project")))
                    : null;
            FurtherPlaces further = layer == null || !tree.isInProject() ? null : new FurtherPlaces(tree, layer);
            if (further != null) {
                further.hide();
            }
            run(tree, new ToolLaunch.Places(tree.project().folder(), layer, tree.place(), upper, seed), staging);
            new ToolTraces(tree, making.key(), layer).requireSameInputs();
            List<ReadyTree> parts = further == null ? List.of() : parts(making, further);
            making.target()
                    .describe(
                            making.key(),
                            making.sketch(),
                            parts.stream().map(part -> part.tree().below()).toList());
            Root root = save(making, upper.upper(), lower == null ? nothing() : lower);
            return new ReadyTree(tree, making.key(), root, parts);
        } finally {
            Trash.take(store, store.fd(Store.Room.COPIES), name);
            Trash.empty(store);
        }
    }

    /** Takes what the tool made at further places; the tree itself, which names them, comes after them. */
    @SuppressWarnings("try") // the lock is only held
    private List<ReadyTree> parts(Making making, FurtherPlaces further) throws IOException {
        List<ReadyTree> parts = new ArrayList<>();
        for (String path : further.taken()) {
            ProjectTree tree = making.tree().part(path);
            Making part = new Making(tree, making.key().part(path), making.sketch(), making.target());
            try (Descriptor alone = known.lock(part.key())) {
                part.target().describe(part.key(), part.sketch(), List.of());
                Root root = save(part, further.inLayer(tree.place()), nothing());
                parts.add(new ReadyTree(tree, part.key(), root, List.of()));
            }
        }
        return parts;
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
        List<byte[]> environment = new ArrayList<>(CommandProcess.environmentIn(tree.folder(), user.environment()));
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

    private Root save(Making making, byte[] upper, Manifest lower) throws IOException {
        ProjectTree tree = making.tree();
        byte[] manifest = making.target().manifest(making.key());
        OverlayUpper written =
                new OverlayUpper(upper, List.of(), IdMap.IDENTITY, IdMap.IDENTITY, OverlayUpper.Care.DISPOSABLE);
        MtimePolicy times =
                tree.declaration().ecosystem().times() == Ecosystem.Times.ONE ? ONE_TIME : new MtimePolicy.Exact();
        IngestReport report;
        try (MakingListener.Taking taking = listener.taking(tree)) {
            IngestOptions options = making.target().options().withMtime(times);
            report = Save.run(store, written, List.of(lower), manifest, tree.place(), options, taking.progress())
                    .report();
        }
        listener.made(tree, report);
        Root registered = new Roots(store).find(manifest);
        return registered == null ? Root.unregistered(report.tree(), manifest) : registered;
    }

    /** A tree of one empty directory. */
    static Manifest nothing() throws IOException {
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

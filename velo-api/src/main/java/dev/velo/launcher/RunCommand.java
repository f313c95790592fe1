package dev.velo.launcher;

import dev.velo.core.format.Digest;
import dev.velo.core.present.Anchor;
import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.FileRange;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.LaunchPlan;
import dev.velo.core.present.Prefetch;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presented;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.Recording;
import dev.velo.core.present.Upper;
import dev.velo.core.store.Profile;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.Plan;
import dev.velo.ffm.Runner;
import dev.velo.project.Project;
import dev.velo.shim.ShimLibraries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code velo run}: shows a tree to a command. This process becomes the runner; no JVM stays behind. */
@Command(
        name = "run",
        sortOptions = false,
        customSynopsis = {
            "velo run [OPTIONS] COMMAND...",
            "velo run [OPTIONS] TREE [--] COMMAND...",
            "velo run [OPTIONS] --manifest FILE [--] COMMAND...",
            "velo run [OPTIONS] --isolate --base FILE... -- COMMAND..."
        },
        description = {
            "Runs a command with a tree shown to it, read-only unless asked otherwise.",
            "TREE is a manifest, or a directory, which is ingested first.",
            "Without TREE the command sees the dependency trees of the project around the working directory (velo init),"
                    + " and may write to them; where there is no project, the working directory is the tree.",
            "A first word that is a manifest or a directory here is the tree; velo run -- COMMAND... names none."
        },
        footer = "Status: the command's own; 127 not found, 126 not executable, 125 Velo failed.")
final class RunCommand implements Callable<Integer> {
    /** How the tree is shown. */
    enum Mode {
        AUTO,
        MOUNT,
        LINK,
        PRELOAD,
        COPY
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--manifest", paramLabel = "FILE", description = "The manifest of the tree.")
    private @Nullable String manifest;

    @Option(
            names = "--at",
            paramLabel = "PATH",
            description = "Where the tree appears; by default where it was ingested from.")
    private @Nullable String at;

    @Option(
            names = "--mode",
            paramLabel = "auto|mount|link|preload|copy",
            description =
                    "mount: the kernel mounts the tree's image; takes root. link: hard links, made once per tree, shown in a mount"
                            + " namespace. preload: a library in the command answers its calls; read-only, for programs that are"
                            + " linked dynamically. auto: the first of these that can be had. copy: a copy for this run.")
    private Mode mode = Mode.AUTO;

    @Option(
            names = "--writable",
            description = "The command may write to the tree; what it writes is kept in memory and thrown away.")
    private boolean writable;

    @Option(
            names = "--upper",
            paramLabel = "DIR",
            description = "The command may write to the tree; what it writes is kept in DIR.")
    private @Nullable String upper;

    @Option(
            names = "--prefetch",
            description =
                    "Reads the whole tree from the disk, in few long reads, beside the starting command; with mounts.")
    private boolean prefetch;

    @Option(
            names = "--record",
            description =
                    "Notes which files the command reads, for velo pack --profile; with mounts. Velo waits for the command meanwhile.")
    private boolean record;

    @Option(
            names = "--chdir",
            paramLabel = "DIR",
            description = "The working directory; by default the tree, or the same folder in it.")
    private @Nullable String directory;

    @Option(
            names = "--trust",
            description =
                    "Setuid bits, capabilities and device nodes of the tree are shown; the mount lets none of them take effect.")
    private boolean trust;

    @Mixin
    private final IsolateOptions isolation = new IsolateOptions();

    @Option(
            names = {"-v", "--verbose"},
            description = "Tells what is done, with every system call of the launch.")
    private boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "Tells errors and warnings only, also where a tree of the project has to be made.")
    private boolean quiet;

    @Option(
            names = "--json",
            description =
                    "Tells on the error stream what the command sees, and how, as one line of JSON before it begins.")
    private boolean json;

    @Option(names = "--rehearse", hidden = true, description = "Does everything but run the command.")
    private boolean rehearse;

    @Parameters(
            arity = "0..*",
            hidden = true,
            paramLabel = "WORD",
            description = "The tree, then the command and its arguments.")
    private List<String> words = new ArrayList<>();

    private @Nullable RunTelling telling;

    @Override
    public Integer call() throws IOException {
        isolation.requireIsolate();
        List<String> command = new ArrayList<>(words);
        String tree = manifest;
        if (tree == null
                && !isolation.isolate()
                && !command.isEmpty()
                && (namesNoTree() || !ProjectRun.namesTree(command))) {
            Project project = ProjectTrees.around();
            if (project != null) {
                return runIn(project, command);
            }
            tree = ".";
        }
        boolean rootOnly = tree == null && !isolation.bases().isEmpty() && namesNoTree();
        if (tree == null && !rootOnly) {
            if (command.isEmpty()) {
                throw new IOException("name the tree: a manifest or a directory");
            }
            tree = command.remove(0);
        }
        if (manifest == null
                && tree != null
                && !command.isEmpty()
                && command.get(0).matches("--[a-z].*")) {
            throw new IOException("options stand before the tree: velo run " + Terminal.decoded(command.get(0)) + " … "
                    + Terminal.decoded(tree));
        }
        if (!command.isEmpty() && command.get(0).equals("--")) {
            command.remove(0);
        }
        if (command.isEmpty()) {
            throw new IOException(
                    "name the command to run after " + (tree == null ? "" : Terminal.decoded(tree) + " ") + "--");
        }
        if (writable && upper != null) {
            throw new IOException("--writable throws away what --upper keeps; name one of them");
        }
        if (record && mode != Mode.AUTO && mode != Mode.MOUNT) {
            throw new IOException(
                    "--record sees what is read through a mount; it does not go with --mode " + Terminal.lower(mode));
        }
        try (Store opened = store.open()) {
            if (isolation.isolate()) {
                Root named = tree == null ? null : TreeArgument.rootOf(opened, ProcessFacts.path(tree), trust());
                return isolate(opened, named, command);
            }
            if (tree == null) {
                throw new IllegalStateException("without a tree there is only a sandbox");
            }
            Root root = TreeArgument.rootOf(opened, ProcessFacts.path(tree), trust());
            if (record) {
                return record(opened, root, command);
            }
            launch(opened, root, command);
        }
        return rehearse ? 0 : Main.VELO_FAILED;
    }

    /** The presentations to try where several trees are shown. */
    private List<Presentation> chain() throws IOException {
        return switch (mode) {
            case AUTO -> Presentation.DIRECTORIES;
            case MOUNT -> List.of(Presentation.MOUNT);
            case LINK -> List.of(Presentation.LINK);
            case PRELOAD, COPY -> throw new IOException("a sandbox, and a project, show trees by mount or by link");
        };
    }

    /** Shows the project's trees to the command. */
    private int runIn(Project project, List<String> command) throws IOException {
        boolean ofOneTree = at != null || writable || upper != null || prefetch || record || trust;
        if (ofOneTree) {
            throw new IOException(
                    "the options for a tree need one; name the tree before the command, or leave them out for those of "
                            + StoreOptions.shown(project.folder()));
        }
        try (Store opened = store.open()) {
            MakingLines.Telling making = quiet || json
                    ? MakingLines.Telling.QUIET
                    : verbose ? MakingLines.Telling.ALL : MakingLines.Telling.USUAL;
            byte[] working = directory == null ? null : ProcessFacts.path(directory);
            new ProjectRun(opened, project, making).by(chain()).run(working, command, telling(), this::become);
        }
        return rehearse ? 0 : Main.VELO_FAILED;
    }

    /** Whether the words begin with a command: after {@code --}, which the parser takes away. */
    private boolean namesNoTree() {
        List<String> all = spec.commandLine().getParseResult().originalArgs();
        int before = all.size() - words.size() - 1;
        return before >= 0 && all.get(before).equals("--");
    }

    private int isolate(Store opened, @Nullable Root tree, List<String> command) throws IOException {
        List<Presentation> chain = chain();
        SandboxRun.Request request = new SandboxRun.Request(
                tree,
                at,
                chain,
                trust(),
                prefetch ? SandboxRun.Reading.WHOLE : SandboxRun.Reading.RECORDED,
                writable ? SandboxRun.Writing.DISCARDED : SandboxRun.Writing.REFUSED,
                verbose ? SandboxRun.Telling.ALL : SandboxRun.Telling.WHAT_FALLS_SHORT,
                upper,
                directory,
                command);
        return new SandboxRun(opened, isolation, request, (plan, shown) -> {
                    shown.forEach(each -> telling().tree(each, Map.of()));
                    if (isolation.save() != null) {
                        telling().begins(plan);
                        return ProjectTrees.await(plan);
                    }
                    become(plan);
                    return rehearse ? 0 : Main.VELO_FAILED;
                })
                .run();
    }

    /** The one of this run: what it is told is told at the end, too. */
    private RunTelling telling() {
        RunTelling known = telling;
        if (known == null) {
            known = new RunTelling(
                    json ? RunTelling.Manner.JSON : verbose ? RunTelling.Manner.ALL : RunTelling.Manner.USUAL);
            telling = known;
        }
        return known;
    }

    private Root.Trust trust() {
        return trust ? Root.Trust.TRUSTED : Root.Trust.UNTRUSTED;
    }

    private void launch(Store opened, Root root, List<String> command) throws IOException {
        MetadataPolicy metadata = TreeArgument.policy(root, trust());
        if (mode == Mode.COPY) {
            requireNoPlace();
            become(CopyRun.plan(opened, root, metadata, telling(), (place, working) -> {
                byte[] chosen = directory == null ? working : ProcessFacts.path(directory);
                return options(place, chosen, new LaunchOptions.Writes.Discarded(), command);
            }));
            return;
        }
        place(root);
        Presenter presenter = new Presenter(opened, root.tree(), metadata, () -> TreeArgument.manifestOf(opened, root))
                .with(ShimLibraries.BUILT);
        if (mode == Mode.AUTO) {
            presenter.auto(shown -> launch(opened, root, shown, command));
            return;
        }
        try (Presenter.Shown shown = presenter.by(Presentation.valueOf(mode.name()))) {
            launch(opened, root, shown, command);
        }
    }

    private void requireNoPlace() throws IOException {
        if (upper != null) {
            throw new IOException("--mode copy keeps nothing; --upper works with --mode link");
        }
        if (at != null) {
            throw new IOException("--mode copy shows the tree in the copy only; --at works with --mode link");
        }
    }

    /** The tree is held until the runner holds it. */
    private boolean launch(Store opened, Root root, Presenter.Shown shown, List<String> command) throws IOException {
        Plan plan = shownPlan(opened, root, shown, command);
        telling().tree(shown, facts(root));
        become(plan);
        return true;
    }

    private Map<String, Object> facts(Root root) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tree", root.tree().toString());
        facts.put("place", StoreOptions.shown(place(root)));
        return facts;
    }

    /** The tree is shown by a mount of its own, whose cache tells afterwards what was read. */
    private int record(Store opened, Root root, List<String> command) throws IOException {
        place(root);
        Presenter presenter = new Presenter(
                opened, root.tree(), TreeArgument.policy(root, trust()), () -> TreeArgument.manifestOf(opened, root));
        int status;
        Map<Digest, BitSet> read;
        try (Anchor anchor = presenter.anchor();
                Recording recording = Recording.begin(opened, anchor)) {
            Plan plan = plan(root, recording.anchor(), List.of(), command);
            telling().tree(new Presenter.Shown(recording.anchor(), Presentation.MOUNT, List.of()), facts(root));
            telling().begins(plan);
            status = ProjectTrees.await(plan);
            read = recording.read(TreeArgument.manifestOf(opened, root));
        }
        Profile profile = new Profiles(opened).change(root.tree(), now -> now.with(read));
        Terminal.err()
                .println("velo: the command read " + read.size() + " of the tree's blobs; "
                        + profile.parts().size() + " are recorded in all; velo pack --profile lays them together");
        return status;
    }

    private void become(Plan plan) throws IOException {
        telling().begins(plan);
        if (!rehearse) {
            Runner.become(plan, ProcessFacts.runnerOptions());
        }
    }

    private Plan shownPlan(Store opened, Root root, Presenter.Shown shown, List<String> command) throws IOException {
        List<FileRange> ahead = List.of();
        if (shown.tree() instanceof Anchor anchor) {
            ahead = prefetch ? Prefetch.of(opened, anchor) : Prefetch.ofProfile(opened, anchor);
        } else if (prefetch) {
            telling()
                    .warning("--prefetch reads packs beside a mount, and this run shows the tree by "
                            + Terminal.lower(shown.by()) + "; nothing is read ahead");
        }
        return plan(root, shown.tree(), ahead, command);
    }

    private Plan plan(Root root, Presented tree, List<FileRange> ahead, List<String> command) throws IOException {
        byte[] place = place(root);
        LaunchOptions.Writes writes = new LaunchOptions.Writes.Refused();
        if (writable) {
            TreeArgument.requireMemoryUppers();
            writes = new LaunchOptions.Writes.Discarded();
        } else if (upper != null) {
            writes = new LaunchOptions.Writes.Kept(Upper.open(ProcessFacts.path(upper), root.tree()));
        }
        byte[] working = directory == null
                ? WorkingDirectory.of(place, tree::hasDirectory, ProcessFacts.workingDirectory())
                : ProcessFacts.path(directory);
        return LaunchPlan.ofTree(tree, options(place, working, writes, command), ahead);
    }

    private byte[] place(Root root) throws IOException {
        byte[] place = at == null ? root.origin() : ProcessFacts.path(at);
        if (place.length == 0) {
            throw new IOException(StoreOptions.shown(root.manifestPath())
                    + " was not ingested here, so nobody knows where its tree belongs; say where with --at");
        }
        if (place.length == 1) {
            throw new IOException("a tree cannot appear at /, where everything else is; choose a place with --at");
        }
        return place;
    }

    private static LaunchOptions options(
            byte[] place, byte[] working, LaunchOptions.Writes writes, List<String> command) {
        List<byte[]> arguments = new ArrayList<>();
        command.forEach(word -> arguments.add(word.getBytes(StandardCharsets.ISO_8859_1)));
        List<byte[]> environment = CommandProcess.environmentIn(working, ProcessFacts.environment());
        return new LaunchOptions(place, working, writes, arguments, environment, ProcessFacts.ignoredSignals());
    }
}

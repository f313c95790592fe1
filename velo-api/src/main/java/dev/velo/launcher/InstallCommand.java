package dev.velo.launcher;

import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.UnavailableException;
import dev.velo.core.present.User;
import dev.velo.core.store.Store;
import dev.velo.project.KnownTrees;
import dev.velo.project.Project;
import dev.velo.project.ProjectSession;
import dev.velo.project.ProjectTree;
import dev.velo.project.ReadyTree;
import dev.velo.project.TreeInstallation;
import dev.velo.project.TreeKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo install}: puts the trees of a project in their places, for programs that Velo does not start. */
@Command(
        name = "install",
        sortOptions = false,
        description = {
            "Puts the dependency trees of the project around the working directory in their places.",
            "As root they are mounted, with a writable layer of the project's; otherwise they become directories of hard links"
                    + " without write permission. A tree that is not known yet is made by its tool first."
        },
        footer =
                "Trees that stand in the user's own folders, as those of cargo, go and maven, are seen inside velo run only.")
final class InstallCommand implements Callable<Integer> {
    /** How the trees come to be there. */
    static final class Way {
        @Option(names = "--mount", description = "Mounts; fails where that cannot be had.")
        private boolean mount;

        @Option(names = "--link", description = "Directories of hard links without write permission.")
        @SuppressWarnings("UnusedVariable") // what is neither of the others
        private boolean link;

        @Option(names = "--copy", description = "Directories of writable files.")
        private boolean copy;
    }

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @ArgGroup
    private @Nullable Way way;

    @Option(names = "--frozen", description = "Fails where a tree is not known yet, instead of starting its tool.")
    private boolean frozen;

    @Option(
            names = "--check",
            description =
                    "Installs nothing: has the tool make each tree anew, out of nothing, and tells how what is there differs.")
    private boolean check;

    @Option(names = "--force", description = "Replaces directories that Velo did not put there.")
    private boolean force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Shows what the tools say.")
    private boolean verbose;

    @Option(names = "--json", description = "Prints what was done as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Project project = ProjectTrees.require();
        try (Store opened = store.open()) {
            ProjectSession session = new ProjectSession(opened, project, ProjectTrees.user());
            Map<ProjectTree, TreeKey> keys = session.keys();
            if (frozen || QuickCompiler.isAlone()) {
                requireKnown(opened, keys);
            }
            List<ReadyTree> ready = ProjectTrees.ready(opened, session, keys, telling());
            if (check) {
                return check(opened, project, ready);
            }
            List<Object> done = new ArrayList<>();
            ProjectTrees.place(project, ready, tree -> install(opened, tree, done));
            if (json) {
                print(project, done);
            }
        }
        return 0;
    }

    private int check(Store opened, Project project, List<ReadyTree> ready) throws IOException {
        List<Object> results = json ? new ArrayList<>() : null;
        int status = TreeChecks.run(opened, ready, telling(), results);
        if (results != null) {
            print(project, results);
        }
        return status;
    }

    private static void print(Project project, List<Object> trees) throws IOException {
        Json.print(Map.of("project", StoreOptions.shown(project.folder()), "trees", trees));
    }

    private MakingLines.Telling telling() {
        return quiet || json
                ? MakingLines.Telling.QUIET
                : verbose ? MakingLines.Telling.ALL : MakingLines.Telling.USUAL;
    }

    private void requireKnown(Store opened, Map<ProjectTree, TreeKey> keys) throws IOException {
        KnownTrees known = new KnownTrees(opened);
        for (Map.Entry<ProjectTree, TreeKey> each : keys.entrySet()) {
            if (known.find(each.getKey(), each.getValue()) != null) {
                continue;
            }
            if (frozen) {
                throw new IOException(
                        each.getKey().name() + " is not known to " + StoreOptions.shown(opened.path())
                                + " as its lockfile, settings and tools are now, and --frozen starts no tool; velo install makes it");
            }
            QuickCompiler.leave();
        }
    }

    private void install(Store opened, ReadyTree tree, List<Object> done) throws IOException {
        if (!tree.tree().isInProject()) {
            done.add(fields(tree, "elsewhere"));
            if (!quiet && !json) {
                Terminal.out()
                        .println(tree.tree().name() + ": known; it belongs to "
                                + StoreOptions.shown(tree.tree().place()) + ", and is seen there inside velo run");
            }
            return;
        }
        TreeInstallation installation = new TreeInstallation(opened, tree);
        TreeInstallation.Result result = put(installation);
        result.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        String what = switch (result.outcome()) {
            case ALREADY -> "as it should be already";
            case MOUNTED -> "mounted";
            case CHECKED_OUT -> way != null && way.copy ? "checked out by copies" : "checked out by links";
        };
        done.add(fields(tree, Terminal.lower(result.outcome())));
        if (!quiet && !json) {
            Terminal.out().println(StoreOptions.shown(tree.tree().place()) + ": " + what);
        }
    }

    private static Map<String, Object> fields(ReadyTree tree, String outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", tree.tree().name());
        fields.put("key", tree.key().digest().toString());
        fields.put("place", StoreOptions.shown(tree.tree().place()));
        fields.put("outcome", outcome);
        return fields;
    }

    private TreeInstallation.Result put(TreeInstallation installation) throws IOException {
        TreeInstallation.Foreign foreign = force ? TreeInstallation.Foreign.REPLACED : TreeInstallation.Foreign.REFUSED;
        if (way != null && way.copy) {
            return installation.checkOut(CheckoutMode.COPY, foreign);
        }
        boolean mounts = way == null ? User.current().isRoot() : way.mount;
        if (mounts) {
            try {
                return installation.mount();
            } catch (UnavailableException e) {
                if (way != null) {
                    throw e;
                }
                if (verbose) {
                    Terminal.err().println("velo: not by mount: " + e.getMessage());
                }
            }
        }
        return installation.checkOut(CheckoutMode.LINK, foreign);
    }
}

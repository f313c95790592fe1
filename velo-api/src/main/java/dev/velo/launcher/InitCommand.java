package dev.velo.launcher;

import dev.velo.project.Project;
import dev.velo.project.TreeDeclaration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo init}: looks at a project, and writes down which dependency trees it has. */
@Command(
        name = "init",
        sortOptions = false,
        description = {
            "Looks for lockfiles in a project, and writes a velo.toml that says which dependency trees it has.",
            "velo run and velo install show those trees. Local state goes to .velo, which git is told to ignore."
        })
final class InitCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The project; by default the working directory.")
    private String directory = ".";

    @Option(names = "--force", description = "Writes velo.toml anew, where there is one.")
    private boolean force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints the trees as JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private final HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException {
        byte[] folder = IngestCommand.realPath(ProcessFacts.path(directory));
        Project.Initialised done = Project.init(folder, force ? Project.Writing.ANEW : Project.Writing.ONCE);
        List<TreeDeclaration> trees = Project.at(folder).trees();
        if (json) {
            Json.print(fields(folder, trees, done));
        } else if (!quiet) {
            tell(folder, trees, done);
        }
        return 0;
    }

    private static Map<String, Object> fields(byte[] folder, List<TreeDeclaration> trees, Project.Initialised done) {
        List<Object> listed = new ArrayList<>();
        for (TreeDeclaration tree : trees) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", tree.name());
            fields.put("ecosystem", tree.ecosystem().name());
            fields.put("folder", tree.folder());
            fields.put("inputs", tree.inputs());
            listed.add(fields);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("project", StoreOptions.shown(folder));
        fields.put("written", done == Project.Initialised.WRITTEN);
        fields.put("trees", listed);
        return fields;
    }

    private static void tell(byte[] folder, List<TreeDeclaration> trees, Project.Initialised done) {
        String file = StoreOptions.shown(folder) + "/velo.toml";
        if (done == Project.Initialised.ALREADY) {
            Terminal.out().println(file + " is there already; --force writes it anew");
        } else if (trees.isEmpty()) {
            Terminal.out().println(file + ": no lockfile was found; declare trees there by hand");
        }
        for (TreeDeclaration tree : trees) {
            String lock = tree.inputs().stream()
                    .filter(tree.ecosystem().lockfiles()::contains)
                    .findFirst()
                    .orElse(tree.ecosystem().lockfiles().getFirst());
            Terminal.out()
                    .println(tree.name() + ": " + tree.ecosystem().name() + ", decided by "
                            + (tree.folder().isEmpty() ? "" : tree.folder() + "/") + lock);
        }
    }
}

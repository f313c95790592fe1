package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.store.PathText;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that decides a dependency tree, as lines of text, and the digest of them: two trees with one key are the same.
 *
 * @param lines each a word that says of what it tells, and what
 */
public record TreeKey(List<String> lines) {
    private static final String VERSION = "velo-tree 1";
    private static final String INPUT = "input ";
    private static final String PART = "part ";

    /** The key of a tree as its project is now. */
    static TreeKey of(ProjectTree tree, UserFacts user, ToolVersions tools) throws IOException {
        TreeDeclaration declaration = tree.declaration();
        Ecosystem ecosystem = declaration.ecosystem();
        List<String> lines = new ArrayList<>();
        lines.add(VERSION);
        lines.add("ecosystem " + ecosystem.name());
        lines.add("platform " + System.getProperty("os.arch") + " " + tools.libc());
        for (Ecosystem.Tool tool : ecosystem.tools()) {
            lines.add("tool " + tool.name() + " " + tools.version(tool));
        }
        lines.add(line("command", declaration.command()));
        addWhatIsUnusual(declaration, lines);
        if (ecosystem.binding() == Ecosystem.Binding.TO_ITS_PLACE) {
            lines.add("place " + PathText.escape(tree.place()));
        }
        for (byte[] preset : Presets.of(tree, user)) {
            lines.add("preset " + PathText.escape(preset));
        }
        for (String variable : user.variables(ecosystem.variables())) {
            // it may be a secret
            lines.add("variable " + variable.substring(0, variable.indexOf('=')) + " " + digest(variable));
        }
        for (String file : ecosystem.userFiles()) {
            Digest digest = SmallFiles.digest(PathBytes.join(user.home(ecosystem.home()), PathBytes.of(file)));
            if (digest != null) {
                lines.add("setting ~/" + file + " " + digest);
            }
        }
        lines.addAll(inputs(tree));
        boolean isLocked = ecosystem.lockfiles().stream()
                .anyMatch(file -> lines.stream().anyMatch(line -> line.startsWith(INPUT + escaped(file) + " ")));
        if (!isLocked) {
            throw new IOException(PathBytes.show(tree.folder()) + ": there is no "
                    + String.join(" or ", ecosystem.lockfiles()) + " that decides " + tree.name()
                    + "; let " + ecosystem.name() + " write one, or take the tree out of velo.toml");
        }
        return new TreeKey(lines);
    }

    /**
     * What a {@code velo.toml} says otherwise than the ecosystem: projects that share a lockfile, and nothing else of this, must not share
     * a tree.
     */
    private static void addWhatIsUnusual(TreeDeclaration declaration, List<String> lines) {
        Ecosystem ecosystem = declaration.ecosystem();
        if (!declaration.growing().isEmpty() && !declaration.growing().equals(ecosystem.growing())) {
            lines.add(line("growing", declaration.growing()));
        }
        if (declaration.place() instanceof Ecosystem.Place.InFolder place && !place.equals(ecosystem.place())) {
            lines.add("at " + escaped(place.path()));
        }
        for (String input : ecosystem.inputs()) {
            if (!declaration.inputs().contains(input)) {
                lines.add("unseen " + escaped(input));
            }
        }
    }

    private static String line(String what, List<String> words) {
        return what + " " + words.stream().map(TreeKey::escaped).collect(Collectors.joining(" "));
    }

    private static String escaped(String word) {
        return PathText.escape(word.getBytes(StandardCharsets.UTF_8));
    }

    /** The lines that tell of the inputs as they are now. */
    private static List<String> inputs(ProjectTree tree) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String input : tree.inputs()) {
            Digest digest = InputFiles.digest(tree.input(input));
            if (digest != null) {
                lines.add(INPUT + escaped(input) + " " + digest);
            }
        }
        return lines;
    }

    /** The key of a part of the tree of this key: all that decides the tree, and where in its folder the part is seen. */
    TreeKey part(String path) {
        List<String> all = new ArrayList<>(lines);
        all.add(PART + escaped(path));
        return new TreeKey(all);
    }

    /** Where the part is seen whose key this is, escaped; empty if it is that of a tree. */
    public Optional<String> part() {
        return lines.stream()
                .filter(line -> line.startsWith(PART))
                .findFirst()
                .map(line -> line.substring(PART.length()));
    }

    /** Whether the inputs of the tree are those that this key is of. */
    boolean hasInputsOf(ProjectTree tree) throws IOException {
        return inputs(tree)
                .equals(lines.stream().filter(line -> line.startsWith(INPUT)).toList());
    }

    /** The digest that an input has in this key; null if it was not there. */
    @Nullable
    Digest input(String name) {
        String start = INPUT + escaped(name) + " ";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .map(line -> Digest.parse(line.substring(start.length())))
                .orElse(null);
    }

    /** The key that this text tells of. */
    static TreeKey parse(String text) {
        return new TreeKey(text.lines().toList());
    }

    /** The lines, each ended. */
    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** The digest of the text. */
    public Digest digest() {
        return Digest.of(Hashing.sha256().digest(text().getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** What users see of the digest. */
    public String shortName() {
        return digest().toString().substring(0, 16);
    }

    /** Whether both differ in nothing but the contents of their inputs: one tool can make either out of the other. */
    boolean isKin(TreeKey other) {
        return withoutInputs().equals(other.withoutInputs());
    }

    private List<String> withoutInputs() {
        return lines.stream().filter(line -> !line.startsWith(INPUT)).toList();
    }

    private static String digest(String latin) {
        byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
        return Digest.of(Hashing.sha256().digest(bytes), 0).toString();
    }
}

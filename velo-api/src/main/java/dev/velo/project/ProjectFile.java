package dev.velo.project;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** {@code velo.toml}: which dependency trees a project has. What a stranger wrote there can name no path outside of the project. */
final class ProjectFile {
    private static final Set<String> KEYS =
            Set.of("name", "ecosystem", "folder", "inputs", "place", "command", "growing");

    private static final String HEAD = """
            # The dependency trees of this project. Velo has each one made once for all that decides it, and shows it again at once:
            #   velo run COMMAND    runs a command that sees them
            #   velo install        puts them in their places
            # A tree is decided by its inputs, the versions of its tools, the platform, and the user's settings of them.
            """;

    private final String shown;

    private ProjectFile(String shown) {
        this.shown = shown;
    }

    /** The declarations in this text of a file. */
    static List<TreeDeclaration> parse(String shown, String text) throws IOException {
        TomlParseResult parsed = Toml.parse(text);
        if (parsed.hasErrors()) {
            throw new IOException(
                    shown + ": is no TOML: " + parsed.errors().getFirst() + "; velo init --force writes it anew");
        }
        return new ProjectFile(shown).read(parsed);
    }

    /** The text of a file with these declarations. */
    static String text(List<TreeDeclaration> trees) {
        StringBuilder text = new StringBuilder(HEAD);
        if (trees.isEmpty()) {
            text.append(
                    "\n# No lockfile was found. A tree is declared like this:\n#\n# [[tree]]\n# ecosystem = \"npm\"\n");
        }
        for (TreeDeclaration tree : trees) {
            text.append("\n[[tree]]\n");
            line(text, "name", quoted(tree.name()));
            line(text, "ecosystem", quoted(tree.ecosystem().name()));
            if (!tree.folder().isEmpty()) {
                line(text, "folder", quoted(tree.folder()));
            }
            line(text, "inputs", list(tree.inputs()));
            switch (tree.place()) {
                case Ecosystem.Place.InFolder inFolder -> line(text, "place", quoted(inFolder.path()));
                case Ecosystem.Place.OfUser ofUser ->
                    text.append("# seen at ").append(place(ofUser)).append('\n');
            }
            text.append("# command = ").append(list(tree.command())).append('\n');
        }
        return text.toString();
    }

    private static String place(Ecosystem.Place.OfUser place) {
        String home = "~/" + place.otherwise();
        if (place.variable().isEmpty()) {
            return home;
        }
        String below = place.below().isEmpty() ? "" : "/" + place.below();
        return "$" + place.variable() + below + ", else " + home;
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append(" = ").append(value).append('\n');
    }

    private static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < ' ' || c == 0x7f) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.append((char) c);
            }
        });
        return text.append('"').toString();
    }

    private static String list(List<String> values) {
        return values.stream().map(ProjectFile::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private List<TreeDeclaration> read(TomlTable file) throws IOException {
        for (String key : file.keySet()) {
            if (!key.equals("tree")) {
                throw wrong("there is no key " + key + "; trees stand under [[tree]]");
            }
        }
        List<TreeDeclaration> trees = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Object tables = file.get(List.of("tree"));
        if (tables == null) {
            return trees;
        }
        if (!(tables instanceof TomlArray list)) {
            throw wrong("tree is no list of tables; write [[tree]]");
        }
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof TomlTable table)) {
                throw wrong("tree is no list of tables; write [[tree]]");
            }
            TreeDeclaration tree = tree(table);
            if (!names.add(tree.name())) {
                throw wrong("two trees are called " + tree.name());
            }
            trees.add(tree);
        }
        return trees;
    }

    private TreeDeclaration tree(TomlTable table) throws IOException {
        for (String key : table.keySet()) {
            if (!KEYS.contains(key)) {
                throw wrong("a tree has no key " + key + "; it has ecosystem, name, folder, inputs, place,"
                        + " command and growing");
            }
        }
        Ecosystem ecosystem;
        try {
            ecosystem = Ecosystems.named(string(table, "ecosystem", ""));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        String folder = inside("folder", string(table, "folder", ""));
        List<String> inputs = strings(table, "inputs", ecosystem.deciding());
        for (String input : inputs) {
            inside("inputs", input);
        }
        TreeDeclaration usual = TreeDeclaration.usual(ecosystem, folder, inputs);
        Ecosystem.Place place = usual.place();
        String named = string(table, "place", "");
        if (!named.isEmpty()) {
            if (!(place instanceof Ecosystem.Place.InFolder)) {
                throw wrong("trees of " + ecosystem.name()
                        + " stand where the tool keeps them, so there is no place to name");
            }
            String path = inside("place", named);
            if (path.isEmpty()) {
                throw wrong("place names the folder itself; name one in it");
            }
            place = new Ecosystem.Place.InFolder(path);
        }
        String name = string(table, "name", usual.name());
        if (name.isEmpty()
                || name.length() > 128
                || name.startsWith(".tmp-")
                || name.chars().anyMatch(c -> c < ' ')) {
            throw wrong("name is no name of a tree");
        }
        List<String> command = strings(table, "command", usual.command());
        if (command.isEmpty()) {
            throw wrong("command of " + name + " is empty");
        }
        boolean own = !command.equals(usual.command());
        List<String> growing = strings(table, "growing", own ? List.of() : usual.growing());
        return new TreeDeclaration(name, ecosystem, folder, inputs, place, command, growing);
    }

    /** A relative path of plain names, without {@code .} and slashes that say nothing. */
    private String inside(String key, String path) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..") || name.indexOf('\0') >= 0) {
                throw wrong(key + " = \"" + path + "\" leaves the project; name a path inside");
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        if (path.startsWith("/")) {
            throw wrong(key + " = \"" + path + "\" is an absolute path; name one from the folder on");
        }
        return String.join("/", names);
    }

    private String string(TomlTable table, String key, String otherwise) throws IOException {
        Object value = table.get(List.of(key));
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(key + " is no string");
    }

    private List<String> strings(TomlTable table, String key, List<String> otherwise) throws IOException {
        Object value = table.get(List.of(key));
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof TomlArray list)) {
            throw wrong(key + " is no list of strings");
        }
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String text)) {
                throw wrong(key + " is no list of strings");
            }
            strings.add(text);
        }
        return List.copyOf(strings);
    }

    private IOException wrong(String what) {
        return new IOException(shown + ": " + what);
    }
}

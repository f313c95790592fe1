package dev.velo.project;

import java.util.ArrayList;
import java.util.List;

/**
 * One kind of dependency tree: what decides it, which command makes it, where it goes. A declaration, without code of its own.
 *
 * @param name as it stands in {@code velo.toml}
 * @param lockfiles names of files that lock the tree, the preferred first; a folder with one of them has such a tree
 * @param inputs names of further files in that folder that decide it, where they are there; {@code *} in a name stands for any letters
 * @param userFiles files of the user that decide it, as paths from the home directory
 * @param home which folder of the user's its tools take for home
 * @param variables environment variables that decide it; {@code *} at the end stands for any letters
 * @param place where the tree is seen
 * @param binding whether its files know that place
 * @param times whether its tools look at the times of its files
 * @param tools programs whose versions decide it
 * @param presets what is said to the tool that it would find out wrongly where it makes a tree
 * @param command what makes it where nothing is, started in the folder
 * @param growing what makes it out of an earlier one at its place; empty if nothing can
 */
public record Ecosystem(
        String name,
        List<String> lockfiles,
        List<String> inputs,
        List<String> userFiles,
        Home home,
        List<String> variables,
        Place place,
        Binding binding,
        Times times,
        List<Tool> tools,
        List<Preset> presets,
        List<String> command,
        List<String> growing) {

    /** Where a tree is seen. */
    public sealed interface Place {
        /** In the folder of the project: a relative path. */
        record InFolder(String path) implements Place {}

        /**
         * In the user's own folders.
         *
         * @param variable the environment variable that names a folder of them
         * @param below the path from there
         * @param otherwise the path from the home directory if the variable is not set
         */
        record OfUser(String variable, String below, String otherwise) implements Place {}
    }

    /** What a program takes for the home directory of its user. */
    public enum Home {
        /** What {@code HOME} says. */
        VARIABLE,
        /** What the account says, as programs in Java do, whatever {@code HOME} is. */
        OF_ACCOUNT
    }

    /** Whether files of a tree hold its path: a tree that does is of use at that path only. */
    public enum Binding {
        ANYWHERE,
        TO_ITS_PLACE
    }

    /** Which modification times a tree keeps. */
    public enum Times {
        /** One for all files, so that trees of equal contents are equal. */
        ONE,
        EXACT
    }

    /**
     * A program.
     *
     * @param name as it is found along {@code PATH}
     * @param question the argument that makes it tell its version
     */
    public record Tool(String name, String question) {}

    /**
     * A folder of the user's that environment variables name to a tool, unless the user or the project says otherwise.
     *
     * @param variables the names that releases of the tool have for it
     * @param setting the same in files of settings, in small letters without dashes
     * @param files those files in the project's folder; the user's are known
     * @param folders the first of them whose variable is set, else the last
     */
    public record Preset(List<String> variables, String setting, List<String> files, List<Place.OfUser> folders) {}

    /** The lockfiles and the other inputs. */
    public List<String> deciding() {
        List<String> all = new ArrayList<>(lockfiles);
        all.addAll(inputs);
        return all;
    }

    static Builder declare(String name) {
        return new Builder(name);
    }

    /** A declaration as it is written down. */
    static final class Builder {
        private final String name;
        private List<String> lockfiles = List.of();
        private List<String> inputs = List.of();
        private List<String> userFiles = List.of();
        private Home home = Home.VARIABLE;
        private List<String> variables = List.of();
        private Place place = new Place.InFolder("");
        private Binding binding = Binding.ANYWHERE;
        private Times times = Times.EXACT;
        private final List<Tool> tools = new ArrayList<>();
        private final List<Preset> presets = new ArrayList<>();
        private List<String> command = List.of();
        private List<String> growing = List.of();

        private Builder(String name) {
            this.name = name;
        }

        Builder lockfiles(String... names) {
            lockfiles = List.of(names);
            return this;
        }

        Builder inputs(String... names) {
            inputs = List.of(names);
            return this;
        }

        Builder userFiles(String... paths) {
            userFiles = List.of(paths);
            return this;
        }

        Builder homeOfAccount() {
            home = Home.OF_ACCOUNT;
            return this;
        }

        Builder variables(String... names) {
            variables = List.of(names);
            return this;
        }

        Builder inFolder(String path) {
            place = new Place.InFolder(path);
            return this;
        }

        Builder ofUser(String variable, String below, String otherwise) {
            place = new Place.OfUser(variable, below, otherwise);
            return this;
        }

        Builder boundToItsPlace() {
            binding = Binding.TO_ITS_PLACE;
            return this;
        }

        Builder oneTime() {
            times = Times.ONE;
            return this;
        }

        Builder tool(String program, String question) {
            tools.add(new Tool(program, question));
            return this;
        }

        Builder preset(Preset preset) {
            presets.add(preset);
            return this;
        }

        Builder command(String... words) {
            command = List.of(words);
            return this;
        }

        Builder growing(String... words) {
            growing = List.of(words);
            return this;
        }

        Ecosystem build() {
            return new Ecosystem(
                    name,
                    lockfiles,
                    inputs,
                    userFiles,
                    home,
                    variables,
                    place,
                    binding,
                    times,
                    List.copyOf(tools),
                    List.copyOf(presets),
                    command,
                    growing);
        }
    }
}

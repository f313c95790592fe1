package dev.velo.project;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One dependency tree of a project, as {@code velo.toml} has it.
 *
 * @param name what users call it; no other tree of the project has the same
 * @param folder path from the project to the folder in which the tool is started; empty for the project itself
 * @param inputs names of the files in that folder that decide the tree, where they are there
 * @param place where it is seen, as the ecosystem says or a path from the folder
 * @param command what makes it where nothing is
 * @param growing what makes it out of an earlier one; empty if nothing does
 */
public record TreeDeclaration(
        String name,
        Ecosystem ecosystem,
        String folder,
        List<String> inputs,
        Ecosystem.Place place,
        List<String> command,
        List<String> growing) {

    /** The usual tree of an ecosystem in a folder. */
    static TreeDeclaration usual(Ecosystem ecosystem, String folder, List<String> inputs) {
        String base =
                ecosystem.place() instanceof Ecosystem.Place.InFolder inFolder ? inFolder.path() : ecosystem.name();
        String name = folder.isEmpty() ? base : folder + "/" + base;
        return new TreeDeclaration(
                name, ecosystem, folder, inputs, ecosystem.place(), ecosystem.command(), ecosystem.growing());
    }

    /** A part of the tree, which is seen at a place of its own: a path from the folder. Called after its place. */
    TreeDeclaration part(String path) {
        String called = folder.isEmpty() ? path : folder + "/" + path;
        return new TreeDeclaration(
                called, ecosystem, folder, inputs, new Ecosystem.Place.InFolder(path), command, growing);
    }

    /** The same at another place: a path from the project. */
    TreeDeclaration elsewhere(String path) {
        return new TreeDeclaration(path, ecosystem, "", inputs, new Ecosystem.Place.InFolder(path), command, growing);
    }

    /** A name for files that belong to this tree. */
    byte[] fileName() {
        return name.replace('%', '_').replace('/', '%').getBytes(StandardCharsets.UTF_8);
    }
}

package dev.velo.project;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedSet;

/**
 * A dependency tree of a project on this machine.
 *
 * @param place absolute path at which it is seen
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record ProjectTree(Project project, TreeDeclaration declaration, byte[] place) {
    public String name() {
        return declaration.name();
    }

    /** Absolute path of the folder in which its tool is started. */
    public byte[] folder() {
        return project.path(declaration.folder());
    }

    /** A {@linkplain ReadyTree part} of the tree, which is seen at this path from the folder on. */
    ProjectTree part(String path) {
        return new ProjectTree(
                project, declaration.part(path), PathBytes.join(folder(), path.getBytes(StandardCharsets.UTF_8)));
    }

    /** A tree of the same kind that is seen at this path from the project on, and called so. */
    ProjectTree elsewhere(String path) {
        return new ProjectTree(project, declaration.elsewhere(path), project.path(path));
    }

    /** The path from its folder at which a tree is seen that is seen there. */
    String below() {
        return new String(PathBytes.rebase(place, folder(), new byte[0]), StandardCharsets.UTF_8).substring(1);
    }

    /** Names of the files that decide the tree, there or not: those declared, and every lockfile, which its tool follows in any case. */
    SortedSet<String> inputs() throws IOException {
        SortedSet<String> inputs = InputFiles.of(folder(), declaration.inputs());
        inputs.addAll(declaration.ecosystem().lockfiles());
        return inputs;
    }

    /** Absolute path of an input. */
    byte[] input(String name) {
        return PathBytes.join(folder(), name.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the tree is seen inside the project. */
    public boolean isInProject() {
        return PathBytes.isInside(place, project.folder());
    }
}

package dev.velo.project;

import dev.velo.core.tree.PathBytes;
import java.nio.charset.StandardCharsets;

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

    /** Absolute path of an input. */
    byte[] input(String name) {
        return PathBytes.join(folder(), name.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the tree is seen inside the project. */
    public boolean isInProject() {
        return PathBytes.isInside(place, project.folder());
    }
}

package dev.velo.launcher;

import dev.velo.core.tree.PathBytes;
import dev.velo.project.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worktrees of the repository that a project is in.
 *
 * @param project the project where the command was started
 * @param prefix path from the top of a worktree to the project in it; empty if it is the top
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record Worktrees(Git git, Project project, byte[] prefix) {
    private static final String WORKTREE = "worktree ";
    private static final String BRANCH = "branch refs/heads/";

    /**
     * One of them.
     *
     * @param branch null for none
     */
    record Worktree(byte[] path, @Nullable String branch) {}

    /** Those of the project around the working directory. */
    static Worktrees here() throws IOException {
        Project project = ProjectTrees.require();
        Git git = new Git(project.folder());
        byte[] prefix = bytes(git.ask("rev-parse", "--show-prefix"));
        return new Worktrees(git, project, PathBytes.normalize(PathBytes.of("/"), prefix));
    }

    /** The project in the worktree at this path; it has this one's {@code velo.toml} if its branch has none. */
    Project projectIn(byte[] worktree) throws IOException {
        return Project.likeIn(folderIn(worktree), project);
    }

    /** The project in the worktree at this path; null if there is none. */
    @Nullable
    Project projectThere(byte[] worktree) throws IOException {
        return Project.in(folderIn(worktree));
    }

    private byte[] folderIn(byte[] worktree) {
        return prefix.length == 1 ? worktree : PathBytes.concat(worktree, prefix);
    }

    /** Throws if this is no worktree of the repository, or the one that holds all others, or the working directory is in it. */
    void requireRemovable(byte[] worktree) throws IOException {
        String shown = PathBytes.show(worktree);
        List<Worktree> all = all();
        if (all.stream().noneMatch(each -> Arrays.equals(each.path(), worktree))) {
            throw new IOException(shown + ": is no worktree of this repository; velo worktree list names them");
        }
        if (Arrays.equals(all.getFirst().path(), worktree)) {
            throw new IOException(shown + ": is the repository's own folder, which all other worktrees need");
        }
        if (PathBytes.isInside(ProcessFacts.workingDirectory(), worktree)) {
            throw new IOException(shown + ": you are in it; go to another folder first");
        }
    }

    /** All of them; the first is the repository's own. */
    List<Worktree> all() throws IOException {
        List<Worktree> all = new ArrayList<>();
        byte[] path = null;
        String branch = null;
        for (String line : (git.ask("worktree", "list", "--porcelain") + "\n").split("\n", -1)) {
            if (line.startsWith(WORKTREE)) {
                path = bytes(line.substring(WORKTREE.length()));
            } else if (line.startsWith(BRANCH)) {
                branch = line.substring(BRANCH.length());
            } else if (line.isEmpty() && path != null) {
                all.add(new Worktree(path, branch));
                path = null;
                branch = null;
            }
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

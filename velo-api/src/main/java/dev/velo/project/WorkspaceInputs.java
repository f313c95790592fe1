package dev.velo.project;

import dev.velo.core.store.DirectoryListing;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The {@code package.json} of the packages of a workspace, whose lockfile stands in a folder above them. */
final class WorkspaceInputs {
    private static final String PNPM = "pnpm-workspace.yaml";
    private static final String NODE_MODULES = "node_modules";
    private static final int DEPTH = 3;

    private final byte[] folder;
    private final SortedSet<String> patterns = new TreeSet<>();

    private WorkspaceInputs(byte[] folder) {
        this.folder = folder;
    }

    /**
     * Patterns of their paths from the folder on, which match packages that come later beside those that are there; none if the folder,
     * in which these files are, is no workspace.
     */
    static List<String> of(byte[] folder, Set<String> names) throws IOException {
        byte[] manifest = SmallFiles.read(PathBytes.join(folder, PathBytes.of(PackageManifest.NAME)));
        boolean isWorkspace = names.contains(PNPM) || (manifest != null && PackageManifest.hasWorkspaces(manifest));
        if (!isWorkspace) {
            return List.of();
        }
        WorkspaceInputs found = new WorkspaceInputs(folder);
        found.look("", 0);
        return List.copyOf(found.patterns);
    }

    private void look(String path, int depth) throws IOException {
        byte[] directory = path.isEmpty() ? folder : PathBytes.join(folder, path.getBytes(StandardCharsets.UTF_8));
        Set<String> names;
        try {
            names = DirectoryListing.names(directory).stream()
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .collect(Collectors.toSet());
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOTDIR || e.errno() == Errno.EACCES || e.errno() == Errno.ENOENT) {
                return;
            }
            throw e;
        }
        boolean isOther = Ecosystems.ALL.stream()
                .filter(ecosystem -> ecosystem.inputs().contains(PackageManifest.NAME))
                .anyMatch(ecosystem -> ecosystem.lockfiles().stream().anyMatch(names::contains));
        if (depth > 0 && isOther) {
            return;
        }
        if (depth > 0 && names.contains(PackageManifest.NAME)) {
            int slash = path.lastIndexOf('/');
            patterns.add((slash < 0 ? path : path.substring(0, slash) + "/*") + "/" + PackageManifest.NAME);
            return; // what is in a package is the package's, such as what it builds
        }
        if (depth < DEPTH) {
            for (String name : names) {
                // at the top these are what builds make, and below may be packages that are called so
                if (depth == 0 ? Project.mayHoldPackages(name) : !name.startsWith(".") && !NODE_MODULES.equals(name)) {
                    look(path.isEmpty() ? name : path + "/" + name, depth + 1);
                }
            }
        }
    }
}

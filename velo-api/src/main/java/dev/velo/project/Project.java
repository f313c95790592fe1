package dev.velo.project;

import dev.velo.core.present.User;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.Trash;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.Folder;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a {@code velo.toml}, and the trees that this declares. What Velo keeps of the project alone is in its {@code .velo}.
 *
 * @param folder absolute path, without symbolic links
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record Project(byte[] folder, List<TreeDeclaration> trees) {
    private static final byte[] FILE = PathBytes.of("velo.toml");
    private static final byte[] STATE = PathBytes.of(".velo");
    private static final byte[] LOCK = PathBytes.of("lock");
    private static final byte[] GITIGNORE = PathBytes.of(".gitignore");
    private static final int PRIVATE = 0700;
    private static final int READABLE = 0644;

    /** How deep below the project folders are looked at by {@link #init}. */
    private static final int DEPTH = 3;

    /** Folders whose lockfiles are others'. */
    private static final Set<String> NOT_LOOKED_AT =
            Set.of("node_modules", "target", "build", "dist", "vendor", "venv", "testdata");

    /** What {@link #init} did. */
    public enum Initialised {
        WRITTEN,
        ALREADY
    }

    /**
     * The project that this folder is in: the nearest folder above with a {@code velo.toml}; null if there is none. It must be this
     * user's, the owner's of the folder, or root's: what stands there is run, and anybody may put a file into {@code /tmp}.
     */
    public static @Nullable Project around(byte[] folder) throws IOException {
        for (byte[] each = folder; each.length > 1; each = PathBytes.parent(each)) {
            requireTrusted(PathBytes.join(each, FILE), folder);
            Project project = in(each);
            if (project != null) {
                return project;
            }
        }
        return null;
    }

    private static void requireTrusted(byte[] file, byte[] folder) throws IOException {
        Statx stat = new Statx();
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, file, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        } catch (ErrnoException e) {
            return; // whoever reads it says why it cannot be read
        }
        int owner = stat.uid();
        FileCalls.statx(FileCalls.AT_FDCWD, folder, 0, stat);
        if (owner != 0 && owner != User.current().uid() && owner != stat.uid()) {
            throw new IOException(PathBytes.show(file) + ": belongs to user " + owner
                    + ", whose commands would run as yours; make it your own, or remove it");
        }
    }

    /** The project in this very folder; null if it is none. */
    public static @Nullable Project in(byte[] folder) throws IOException {
        byte[] file = PathBytes.join(folder, FILE);
        String text = SmallFiles.text(file);
        return text == null ? null : new Project(folder, ProjectFile.parse(PathBytes.show(file), text));
    }

    /** The project in this very folder, which must be one. */
    public static Project at(byte[] folder) throws IOException {
        Project project = in(folder);
        if (project == null) {
            throw new IOException(PathBytes.show(folder) + ": has no velo.toml; velo init writes one");
        }
        return project;
    }

    /** The project in a folder, which gets the {@code velo.toml} of another if it has none. */
    public static Project likeIn(byte[] folder, Project other) throws IOException {
        Project there = in(folder);
        if (there != null) {
            return there;
        }
        byte[] text = SmallFiles.read(PathBytes.join(other.folder(), FILE));
        if (text == null) {
            throw new IOException(PathBytes.show(other.folder()) + ": its velo.toml has gone");
        }
        SmallFiles.write(PathBytes.join(folder, FILE), text, READABLE);
        ignoreState(folder);
        return at(folder);
    }

    /** Deletes what Velo keeps of the project alone: what was written over its trees, too. */
    public void forgetState() throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        try (Descriptor opened = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, folder, flags, 0))) {
            Trash.delete(opened.fd(), STATE);
        }
    }

    /** Whether a {@code velo.toml} that is there is written anew. */
    public enum Writing {
        ONCE,
        ANEW
    }

    /** Looks for lockfiles, and writes what they declare to the folder's {@code velo.toml}; and its local state to {@code .gitignore}. */
    public static Initialised init(byte[] folder, Writing writing) throws IOException {
        byte[] file = PathBytes.join(folder, FILE);
        Initialised result = Initialised.ALREADY;
        if (writing == Writing.ANEW || !Existence.of(FileCalls.AT_FDCWD, file, 0)) {
            List<TreeDeclaration> found = new ArrayList<>();
            find(folder, "", 0, found);
            SmallFiles.write(file, ProjectFile.text(found), READABLE);
            result = Initialised.WRITTEN;
        }
        ignoreState(folder);
        return result;
    }

    private static void ignoreState(byte[] folder) throws IOException {
        byte[] file = PathBytes.join(folder, GITIGNORE);
        byte[] there = SmallFiles.read(file);
        String text = there == null ? "" : new String(there, StandardCharsets.ISO_8859_1);
        boolean isIgnored = text.lines()
                .map(String::strip)
                .anyMatch(line -> Set.of(".velo", ".velo/", "/.velo", "/.velo/").contains(line));
        if (!isIgnored) {
            String ended = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
            SmallFiles.write(file, (ended + "/.velo/\n").getBytes(StandardCharsets.ISO_8859_1), READABLE);
        }
    }

    private static void find(byte[] directory, String path, int depth, List<TreeDeclaration> found) throws IOException {
        Set<String> names = new HashSet<>();
        try {
            DirectoryListing.names(directory).forEach(name -> names.add(new String(name, StandardCharsets.UTF_8)));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EACCES) {
                return;
            }
            throw e;
        }
        boolean isModule = found.stream().anyMatch(tree -> tree.ecosystem().equals(Maven.ECOSYSTEM));
        Set<Ecosystem.Place> taken = new HashSet<>();
        for (Ecosystem ecosystem : Ecosystems.ALL) {
            boolean isLocked = ecosystem.lockfiles().stream().anyMatch(names::contains);
            boolean isPart = ecosystem.equals(Maven.ECOSYSTEM) && isModule;
            if (isLocked && !isPart && taken.add(ecosystem.place())) {
                found.add(TreeDeclaration.usual(ecosystem, path, deciding(ecosystem, directory, names)));
            }
        }
        if (depth == DEPTH) {
            return;
        }
        for (String name : names.stream().sorted().toList()) {
            byte[] below = PathBytes.join(directory, name.getBytes(StandardCharsets.UTF_8));
            if (mayHoldPackages(name) && isDirectory(below)) {
                find(below, path.isEmpty() ? name : path + "/" + name, depth + 1, found);
            }
        }
    }

    /** Whether the lockfiles and packages in a folder of this name are the project's own. */
    static boolean mayHoldPackages(String name) {
        return !name.startsWith(".") && !NOT_LOOKED_AT.contains(name);
    }

    /** The lockfiles that are there, and all else that may decide the tree: settings of a tool may come later. */
    private static List<String> deciding(Ecosystem ecosystem, byte[] directory, Set<String> names) throws IOException {
        List<String> inputs = new ArrayList<>(
                ecosystem.lockfiles().stream().filter(names::contains).toList());
        inputs.addAll(ecosystem.inputs());
        if (ecosystem.inputs().contains(PackageManifest.NAME)) {
            inputs.addAll(WorkspaceInputs.of(directory, names));
        }
        return inputs;
    }

    private static boolean isDirectory(byte[] path) throws ErrnoException {
        Statx stat = new Statx();
        try {
            FileCalls.statx(FileCalls.AT_FDCWD, path, FileCalls.AT_SYMLINK_NOFOLLOW, stat);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
        return stat.type() == Statx.S_IFDIR;
    }

    /** A path below the folder. */
    public byte[] path(String below) {
        return below.isEmpty() ? folder : PathBytes.join(folder, below.getBytes(StandardCharsets.UTF_8));
    }

    /** A folder of the project's local state, made if it is not there. */
    public byte[] state(String... names) throws IOException {
        byte[] path = PathBytes.join(folder, STATE);
        Folder.make(FileCalls.AT_FDCWD, path, PRIVATE);
        requireOwn(path);
        for (String name : names) {
            path = PathBytes.join(path, name.getBytes(StandardCharsets.UTF_8));
            Folder.make(FileCalls.AT_FDCWD, path, PRIVATE);
            Places.look(path, new Statx());
        }
        return path;
    }

    /**
     * The lock of what is seen at the places of the trees: of whoever changes it, or is about to rely on it. Waits for it; the caller
     * closes it.
     */
    Descriptor lock() throws IOException {
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;
        byte[] path = PathBytes.join(state(), LOCK);
        Descriptor lock = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, flags, 0600));
        try {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_EX);
            return lock;
        } catch (ErrnoException e) {
            lock.close();
            throw e;
        }
    }

    /** A project from elsewhere may have a link there, and another user's folder is not for this one to write to. */
    private static void requireOwn(byte[] state) throws IOException {
        Statx stat = new Statx();
        Places.look(state, stat);
        if (stat.uid() != User.current().uid()) {
            throw new IOException(PathBytes.show(state) + ": belongs to user " + stat.uid()
                    + ", and holds what that user's commands wrote; be that user, or remove it");
        }
    }

    /** The trees as they are to be seen by this user. */
    public List<ProjectTree> resolve(UserFacts user) throws IOException {
        List<ProjectTree> resolved = new ArrayList<>();
        for (TreeDeclaration tree : trees) {
            byte[] place = switch (tree.place()) {
                case Ecosystem.Place.InFolder inFolder ->
                    PathBytes.join(path(tree.folder()), inFolder.path().getBytes(StandardCharsets.UTF_8));
                case Ecosystem.Place.OfUser ofUser ->
                    user.place(ofUser, tree.ecosystem().home());
            };
            ProjectTree added = new ProjectTree(this, tree, place);
            if (added.isInProject()) {
                Places.requirePlain(folder, place);
            }
            requireApart(added, resolved);
            resolved.add(added);
        }
        return resolved;
    }

    /** Throws if a tree would be seen where one of the others is. */
    void requireApart(ProjectTree tree, List<ProjectTree> others) throws IOException {
        byte[] place = tree.place();
        for (ProjectTree other : others) {
            if (PathBytes.isInside(place, other.place()) || PathBytes.isInside(other.place(), place)) {
                throw new IOException(PathBytes.show(PathBytes.join(folder, FILE)) + ": " + tree.name() + " and "
                        + other.name() + " would both be seen at " + PathBytes.show(place) + "; a place has one tree");
            }
        }
    }
}

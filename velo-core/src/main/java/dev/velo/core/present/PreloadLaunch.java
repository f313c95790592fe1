package dev.velo.core.present;

import dev.velo.core.format.EntryKind;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a command is started with so that the preload shim shows it a tree: the program, the environment, the directory. The variables
 * are described in {@code docs/ARCHITECTURE.md}.
 *
 * @param program what is executed
 * @param directory absolute path of where the kernel has the command start
 * @param environment of the command
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record PreloadLaunch(ProgramSearch.Program program, byte[] directory, List<byte[]> environment) {
    private static final byte[] PRELOAD = PathBytes.of("LD_PRELOAD=");
    private static final byte[] AUDIT = PathBytes.of("LD_AUDIT=");
    private static final byte[] TUNABLES = PathBytes.of("GLIBC_TUNABLES=");

    /**
     * With an auditor the loader lays out thread-local storage before it knows the program's libraries; those that need a fixed place,
     * as rustc's does (22 KiB), then find too little left. Each thread's stack gives this much, and node has one of 32 KiB.
     */
    private static final byte[] ROOM = PathBytes.of("glibc.rtld.optional_static_tls=24576");

    private static final byte[] OWN = PathBytes.of("VELO_SHIM_");

    /**
     * For a command to be shown this tree.
     *
     * @param path the value of {@code PATH}
     * @throws UnavailableException if the shim can do nothing for the command
     */
    static PreloadLaunch of(PreloadedTree tree, LaunchOptions options, byte[] path) throws IOException {
        if (!(options.writes() instanceof LaunchOptions.Writes.Refused)) {
            throw new UnavailableException(
                    "the preload shim shows trees read-only; --mode mount and --mode link take --writable and --upper");
        }
        byte[] at = PathWalk.canonical(options.at());
        if (at.length == 1) {
            throw new UnavailableException("a tree cannot appear at / by the preload shim");
        }
        requireDirectories(at);
        PathWalk walk = new PathWalk(tree.view(), at);
        PathWalk.Place start = directory(tree, walk, options.workingDirectory());
        ProgramSearch.Program program = new ProgramSearch(tree, walk, start).find(options.command(), path);
        byte[] directory = start.isInTree() ? tree.shim().empty() : start.path();
        return new PreloadLaunch(program, directory, environment(tree, options, at, start, program));
    }

    /** What of the place exists has to be directories, as for a mount. */
    private static void requireDirectories(byte[] at) throws IOException {
        Statx stat = new Statx();
        for (byte[] path = at; path.length > 1; path = PathBytes.parent(path)) {
            try {
                FileCalls.statx(FileCalls.AT_FDCWD, path, 0, stat);
            } catch (ErrnoException e) {
                continue; // missing, or nobody here can tell
            }
            if (stat.type() != Statx.S_IFDIR) {
                throw new IOException(PathBytes.show(path)
                        + " is no directory, so no tree can appear there; choose a place with --at");
            }
            return;
        }
    }

    private static PathWalk.Place directory(PreloadedTree tree, PathWalk walk, byte[] wanted) throws IOException {
        PathWalk.Place start = walk.find(wanted);
        Errno error = start.error();
        if (error == null && start.isInTree() && tree.view().kind(start.node()) != EntryKind.DIRECTORY) {
            error = Errno.ENOTDIR;
        }
        if (error != null) {
            throw new IOException(
                    "cannot enter the working directory: " + PathBytes.show(wanted) + ": " + error.text());
        }
        return start;
    }

    private static List<byte[]> environment(
            PreloadedTree tree, LaunchOptions options, byte[] at, PathWalk.Place start, ProgramSearch.Program program) {
        List<byte[]> environment = new ArrayList<>();
        byte[] preload = PathBytes.concat(PRELOAD, tree.shim().library());
        byte[] audit = PathBytes.concat(AUDIT, tree.shim().audit());
        byte[] tunables = PathBytes.concat(TUNABLES, ROOM);
        for (byte[] variable : options.environment()) {
            if (PathBytes.startsWith(variable, PRELOAD)) {
                preload = joined(preload, variable, PRELOAD.length);
            } else if (PathBytes.startsWith(variable, AUDIT)) {
                audit = joined(audit, variable, AUDIT.length);
            } else if (PathBytes.startsWith(variable, TUNABLES)) {
                tunables = joined(tunables, variable, TUNABLES.length);
            } else if (!PathBytes.startsWith(variable, OWN)) {
                environment.add(variable);
            }
        }
        environment.add(preload);
        environment.add(audit);
        environment.add(tunables);
        environment.add(own("IMAGE", tree.view().image().path()));
        environment.add(own("STORE", tree.store().path()));
        byte[] room = PathBytes.parent(tree.shim().empty());
        if (!Arrays.equals(room, tree.store().path(Store.Room.SHIM))) {
            environment.add(own("ROOM", room));
        }
        environment.add(own("AT", at));
        if (!Arrays.equals(at, options.at())) {
            environment.add(own("ALIAS", options.at()));
        }
        if (start.isInTree()) {
            environment.add(own("CWD", start.path()));
        }
        byte[] inTree = program.inTree();
        if (inTree != null) {
            environment.add(own("EXE", inTree));
        }
        if (program.takesShim()) {
            environment.add(own("READY", PathBytes.of(Integer.toString(tree.readyInCommand()))));
        }
        return environment;
    }

    private static byte[] own(String name, byte[] value) {
        return PathBytes.concat(OWN, PathBytes.concat(PathBytes.of(name + "="), value));
    }

    /** What somebody else preloads comes behind, where the shim finds it as it finds libc. */
    private static byte[] joined(byte[] ours, byte[] variable, int nameLength) {
        if (variable.length == nameLength) {
            return ours;
        }
        byte[] theirs = Arrays.copyOfRange(variable, nameLength, variable.length);
        return PathBytes.concat(PathBytes.concat(ours, PathBytes.of(":")), theirs);
    }
}

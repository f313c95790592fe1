package dev.velo.core.present;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.store.FileBytes;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.View;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the program of a command that a tree is preloaded into, as {@code execvp(3)} and the kernel would if the tree were mounted:
 * the kernel cannot execute what only the shim shows. In the tree may be the program, the script that names it, or both.
 */
final class ProgramSearch {
    private static final byte[] SHELL = PathBytes.of("/bin/sh");

    /** How many scripts may be interpreters of each other; the kernel's limit. */
    private static final int MAX_SCRIPTS = 5;

    private static final int ANY_EXECUTE = 0111;
    private static final int HEAD_BYTES = 256;

    private final PreloadedTree tree;
    private final PathWalk walk;
    private final byte[] directory;
    private final boolean startsInTree;

    /**
     * What to execute.
     *
     * @param files what the kernel tries one after another
     * @param arguments the program's arguments, its name first
     * @param inTree where the program is in the tree, by its path there; null for one that is elsewhere
     * @param takesShim the shim is to come up in it; only what is harmless without is started without
     */
    @SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
    record Program(List<byte[]> files, List<byte[]> arguments, byte @Nullable [] inTree, boolean takesShim) {
        Program(List<byte[]> files, List<byte[]> arguments, byte @Nullable [] inTree) {
            this(files, arguments, inTree, true);
        }
    }

    /** A file with the path by which it was asked for. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Candidate(byte[] given, PathWalk.Place place) {}

    /**
     * For commands that start in a directory.
     *
     * @param directory its absolute path
     */
    ProgramSearch(PreloadedTree tree, PathWalk walk, PathWalk.Place directory) {
        this.tree = tree;
        this.walk = walk;
        this.directory = directory.path();
        this.startsInTree = directory.isInTree();
    }

    /**
     * The program of a command.
     *
     * @param path the value of {@code PATH}
     * @throws UnavailableException if the shim would not take effect in it
     */
    Program find(List<byte[]> command, byte[] path) throws IOException {
        List<byte[]> candidates = PlanCalls.candidates(command.getFirst(), path);
        boolean denied = false;
        for (byte[] given : candidates) {
            PathWalk.Place place = given.length == 0 ? null : walk.find(absolute(given));
            if (place != null && place.error() == null && isExecutable(place)) {
                return start(new Candidate(given, place), command, 0);
            }
            denied |= place != null && (place.error() == null || place.error() == Errno.EACCES);
        }
        // nothing is there, or nothing that may be executed: the kernel says so in its own words, of a directory in the
        // latter case
        List<byte[]> none = denied ? List.of(tree.shim().empty()) : candidates;
        return new Program(startsInTree && !denied ? absolute(none) : none, command, null);
    }

    private Program start(Candidate candidate, List<byte[]> arguments, int depth) throws IOException {
        PathWalk.Place place = candidate.place();
        byte[] start = head(place, 0, HEAD_BYTES);
        if (ScriptLine.isScript(start)) {
            return startScript(candidate, start, arguments, depth);
        }
        boolean takesShim = true;
        if (ElfHead.isElf(start)) {
            takesShim = check(place);
        } else if (place.isInTree() && depth == 0) {
            List<byte[]> words = new ArrayList<>(List.of(SHELL, candidate.given()));
            words.addAll(arguments.subList(1, arguments.size()));
            return start(new Candidate(SHELL, walk.find(SHELL)), words, 1);
        }
        return new Program(List.of(file(candidate)), arguments, place.isInTree() ? place.path() : null, takesShim);
    }

    /** A script outside of the tree whose interpreter is outside, too, is the kernel's to start. */
    private Program startScript(Candidate script, byte[] start, List<byte[]> arguments, int depth) throws IOException {
        ScriptLine line = ScriptLine.of(start);
        if (line == null || depth == MAX_SCRIPTS) {
            return new Program(List.of(file(script)), arguments, null);
        }
        List<byte[]> words = new ArrayList<>();
        words.add(line.interpreter());
        byte[] argument = line.argument();
        if (argument != null) {
            words.add(argument);
        }
        words.add(script.given());
        words.addAll(arguments.subList(1, arguments.size()));
        PathWalk.Place place = walk.find(absolute(line.interpreter()));
        Candidate interpreter = new Candidate(line.interpreter(), place);
        boolean there = place.error() == null && isExecutable(place);
        Program program = there
                ? start(interpreter, words, depth + 1)
                : new Program(List.of(place.error() == null ? tree.shim().empty() : place.path()), words, null);
        boolean outside = !script.place().isInTree() && program.inTree() == null && there && !place.isInTree();
        return outside ? new Program(List.of(file(script)), arguments, null, program.takesShim()) : program;
    }

    /** What the kernel is given: of a file in the tree its loose inode. */
    private byte[] file(Candidate candidate) throws IOException {
        PathWalk.Place place = candidate.place();
        if (place.isInTree()) {
            return LooseProgram.path(tree.store(), tree.view(), place.node());
        }
        // where it starts is not where the kernel thinks
        return startsInTree ? place.path() : candidate.given();
    }

    /** Whether the shim is to come up in this program; throws the reason why it has to and would not. */
    private boolean check(PathWalk.Place place) throws IOException {
        ElfHead head;
        try {
            head = ElfHead.read(PathBytes.show(place.path()), (offset, count) -> head(place, offset, count));
        } catch (FormatException e) {
            return true; // the kernel refuses it
        }
        if (ProgramCheck.isHarmless(place.path(), head)) {
            return false;
        }
        ProgramCheck.requireDynamic(place.path(), head);
        byte[] loader = head.interpreter();
        if (loader != null && walk.find(absolute(loader)).isInTree()) {
            throw ProgramCheck.refused(
                    place.path(), "asks for a dynamic loader in the tree, which the kernel cannot find there");
        }
        if (!place.isInTree()) {
            Statx stat = new Statx();
            FileCalls.statx(FileCalls.AT_FDCWD, place.path(), 0, stat);
            ProgramCheck.requireNoGain(place.path(), stat, User.current());
        }
        return true;
    }

    /** Bytes of a file, none of one that may not be read: what cannot be looked at is not judged. */
    private byte[] head(PathWalk.Place place, long offset, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, count));
            long got;
            if (place.isInTree()) {
                got = tree.view().read(place.node(), offset, bytes.asSlice(0, count));
            } else {
                int flags = FileCalls.O_RDONLY | FileCalls.O_NONBLOCK;
                try (Descriptor file = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, place.path(), flags, 0))) {
                    got = FileBytes.readFully(file.fd(), bytes.address(), count, offset);
                } catch (ErrnoException e) {
                    got = 0;
                }
            }
            return bytes.asSlice(0, Math.max(0, got)).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Whether it is a file that somebody may execute; the kernel looks closer. */
    private boolean isExecutable(PathWalk.Place place) throws IOException {
        if (place.isInTree()) {
            View view = tree.view();
            return view.kind(place.node()) == EntryKind.FILE && (view.permissions(place.node()) & ANY_EXECUTE) != 0;
        }
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, place.path(), 0, stat);
        return stat.type() == Statx.S_IFREG && (stat.mode() & ANY_EXECUTE) != 0;
    }

    private byte[] absolute(byte[] path) {
        return PathBytes.isAbsolute(path) ? path : PathBytes.join(directory, path);
    }

    private List<byte[]> absolute(List<byte[]> paths) {
        return paths.stream()
                .map(path -> path.length == 0 ? path : absolute(path))
                .toList();
    }
}

package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.NULL;
import static dev.velo.ffm.PlanArgument.string;
import static dev.velo.ffm.PlanArgument.strings;
import static dev.velo.ffm.PlanArgument.structure;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The typed calls of a plan: each adds one entry (those whose name is no system call: a few) and returns it, or the last.
 *
 * <p>A descriptor is a {@link PlanArgument}: a literal one, {@link PlanArgument#AT_FDCWD}, or the {@link PlanEntry#result} of an
 * entry. Flags are those of {@link FileCalls}, {@link MountCalls} and {@link ProcessCalls}.
 */
public abstract sealed class PlanCalls extends PlanConfinement permits PlanBuilder {
    private static final byte[] SHELL = "/bin/sh".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEFAULT_PATH = "/bin:/usr/bin".getBytes(StandardCharsets.US_ASCII);
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SIGNAL_SET_BYTES = 8;
    private static final int FIRST_AFTER_STREAMS = 3;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    public PlanEntry mount(
            byte @Nullable [] source, byte[] target, @Nullable String type, long flags, byte @Nullable [] data) {
        return call(
                        Syscall.MOUNT,
                        nullable(source),
                        string(target),
                        nullable(type),
                        PlanArgument.of(flags),
                        nullable(data))
                .path(target);
    }

    public PlanEntry umount(byte[] target, int flags) {
        return call(Syscall.UMOUNT2, string(target), PlanArgument.of(flags)).path(target);
    }

    public PlanEntry pivotRoot(byte[] newRoot, byte[] putOld) {
        return call(Syscall.PIVOT_ROOT, string(newRoot), string(putOld)).path(newRoot);
    }

    public PlanEntry openTree(PlanArgument directory, byte[] path, int flags) {
        return call(Syscall.OPEN_TREE, directory, string(path), PlanArgument.of(Integer.toUnsignedLong(flags)))
                .path(path);
    }

    public PlanEntry moveMount(PlanArgument from, byte[] fromPath, PlanArgument to, byte[] toPath, int flags) {
        return call(Syscall.MOVE_MOUNT, from, string(fromPath), to, string(toPath), PlanArgument.of(flags))
                .path(toPath);
    }

    /** {@code mount_setattr} of the mount at this path; {@code flags} may hold AT_EMPTY_PATH and AT_RECURSIVE. */
    public PlanEntry mountSetattr(PlanArgument directory, byte[] path, int flags, MountAttributes attributes) {
        return call(
                        Syscall.MOUNT_SETATTR,
                        directory,
                        string(path),
                        PlanArgument.of(flags),
                        structure(attributes.toBytes()),
                        PlanArgument.of(MountAttributes.BYTES))
                .path(path);
    }

    public PlanEntry fsopen(String type, int flags) {
        return call(Syscall.FSOPEN, string(bytes(type)), PlanArgument.of(flags)).path(bytes(type));
    }

    public PlanEntry fsconfigString(PlanArgument context, String key, byte[] value) {
        return call(
                        Syscall.FSCONFIG,
                        context,
                        PlanArgument.of(MountCalls.FSCONFIG_SET_STRING),
                        string(bytes(key)),
                        string(value),
                        NULL)
                .path(value);
    }

    public PlanEntry fsconfigFlag(PlanArgument context, String key) {
        return call(
                        Syscall.FSCONFIG,
                        context,
                        PlanArgument.of(MountCalls.FSCONFIG_SET_FLAG),
                        string(bytes(key)),
                        NULL,
                        NULL)
                .path(bytes(key));
    }

    /** {@code FSCONFIG_CMD_CREATE}, or another command that has no key and no value. */
    public PlanEntry fsconfigCommand(PlanArgument context, int command) {
        return call(Syscall.FSCONFIG, context, PlanArgument.of(command), NULL, NULL, NULL);
    }

    public PlanEntry fsmount(PlanArgument context, int flags, int attributes) {
        return call(Syscall.FSMOUNT, context, PlanArgument.of(flags), PlanArgument.of(attributes));
    }

    public PlanEntry mkdirat(PlanArgument directory, byte[] path, int mode) {
        return call(Syscall.MKDIRAT, directory, string(path), PlanArgument.of(mode))
                .path(path);
    }

    public PlanEntry symlinkat(byte[] target, PlanArgument directory, byte[] path) {
        return call(Syscall.SYMLINKAT, string(target), directory, string(path)).path(path);
    }

    /** {@code mknodat} of a regular file or a fifo: {@code mode} holds its type. */
    public PlanEntry mknodat(PlanArgument directory, byte[] path, int mode) {
        return call(Syscall.MKNODAT, directory, string(path), PlanArgument.of(mode), PlanArgument.of(0))
                .path(path);
    }

    public PlanEntry fchownat(PlanArgument directory, byte[] path, int uid, int gid) {
        return call(
                        Syscall.FCHOWNAT,
                        directory,
                        string(path),
                        PlanArgument.of(uid),
                        PlanArgument.of(gid),
                        PlanArgument.of(FileCalls.AT_SYMLINK_NOFOLLOW))
                .path(path);
    }

    public PlanEntry fchmodat(PlanArgument directory, byte[] path, int mode) {
        return call(Syscall.FCHMODAT, directory, string(path), PlanArgument.of(mode))
                .path(path);
    }

    /** {@code openat2}, whose {@code resolve} says by which ways of a path it goes. */
    public PlanEntry openat2(PlanArgument directory, byte[] path, int flags, int mode, long resolve) {
        byte[] how = ProcessCalls.longs(flags, mode, resolve);
        return call(Syscall.OPENAT2, directory, string(path), structure(how), PlanArgument.of(how.length))
                .path(path);
    }

    /** {@code utimensat} that sets both times to this one. */
    public PlanEntry utimensat(PlanArgument directory, byte[] path, long seconds, int nanos) {
        byte[] times = ProcessCalls.longs(seconds, nanos, seconds, nanos);
        return call(
                        Syscall.UTIMENSAT,
                        directory,
                        string(path),
                        structure(times),
                        PlanArgument.of(FileCalls.AT_SYMLINK_NOFOLLOW))
                .path(path);
    }

    /** {@code unlinkat}; {@link FileCalls#AT_REMOVEDIR} in the flags removes an empty directory. */
    public PlanEntry unlinkat(PlanArgument directory, byte[] path, int flags) {
        return call(Syscall.UNLINKAT, directory, string(path), PlanArgument.of(flags))
                .path(path);
    }

    public PlanEntry chdir(byte[] path) {
        return call(Syscall.CHDIR, string(path)).path(path);
    }

    public PlanEntry fchdir(PlanArgument fd) {
        return call(Syscall.FCHDIR, fd);
    }

    public PlanEntry chroot(byte[] path) {
        return call(Syscall.CHROOT, string(path)).path(path);
    }

    /** {@code openat}; the command inherits the descriptor unless the flags hold {@link FileCalls#O_CLOEXEC}. */
    public PlanEntry openat(PlanArgument directory, byte[] path, int flags, int mode) {
        return call(Syscall.OPENAT, directory, string(path), PlanArgument.of(flags), PlanArgument.of(mode))
                .retryingInterrupts()
                .path(path);
    }

    /** Opens an existing file, writes these bytes at once and closes it: three entries. For {@code /proc} and {@code /sys}. */
    public PlanEntry writeFile(byte[] path, byte[] contents) {
        PlanEntry file = openat(PlanArgument.AT_FDCWD, path, FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0);
        write(file.result(), contents).path(path);
        return close(file.result()).path(path);
    }

    /** {@link #writeFile}, left out where the file cannot be opened: not every kernel has it. */
    public PlanEntry writeFileIfThere(byte[] path, byte[] contents) {
        PlanEntry file = openat(PlanArgument.AT_FDCWD, path, FileCalls.O_WRONLY | FileCalls.O_CLOEXEC, 0)
                .ignoringErrors();
        write(file.result(), contents).onlyIf(file).path(path);
        return close(file.result()).onlyIf(file).path(path);
    }

    /** Writes these bytes by one call; that it wrote fewer is a failure. */
    public PlanEntry write(PlanArgument fd, byte[] contents) {
        return call(Syscall.WRITE, fd, structure(contents), PlanArgument.of(contents.length))
                .retryingInterrupts()
                .with(PlanLayout.WHOLE);
    }

    public PlanEntry close(PlanArgument fd) {
        return call(Syscall.CLOSE, fd);
    }

    /** Closes all descriptors but the standard ones when the next program is executed. */
    public PlanEntry closeOthersOnExec() {
        return call(
                Syscall.CLOSE_RANGE,
                PlanArgument.of(FIRST_AFTER_STREAMS),
                PlanArgument.of(Integer.toUnsignedLong(-1)),
                PlanArgument.of(CLOSE_RANGE_CLOEXEC));
    }

    public PlanEntry dup3(PlanArgument fd, int newFd, int flags) {
        return call(Syscall.DUP3, fd, PlanArgument.of(newFd), PlanArgument.of(flags));
    }

    /** {@code fcntl(fd, F_SETFD, ...)}: whether the descriptor ends at the execution of a command, or with the runner. */
    public PlanEntry setCloseOnExec(PlanArgument fd, boolean closeOnExec) {
        return call(Syscall.FCNTL, fd, PlanArgument.of(F_SETFD), PlanArgument.of(closeOnExec ? FD_CLOEXEC : 0));
    }

    /** {@code posix_fadvise}: {@link FileCalls#POSIX_FADV_SEQUENTIAL} and the like. */
    public PlanEntry fadvise64(PlanArgument fd, long offset, long count, int advice) {
        return call(Syscall.FADVISE64, fd, PlanArgument.of(offset), PlanArgument.of(count), PlanArgument.of(advice));
    }

    /** {@code sendfile} from this offset; moves no more than {@link FileCalls#SENDFILE_MAX} bytes. */
    public PlanEntry sendfile(PlanArgument out, PlanArgument in, long offset, long count) {
        return call(Syscall.SENDFILE, out, in, structure(ProcessCalls.longs(offset)), PlanArgument.of(count));
    }

    public PlanEntry flock(PlanArgument fd, int operation) {
        return call(Syscall.FLOCK, fd, PlanArgument.of(operation)).retryingInterrupts();
    }

    /** {@code prlimit64} of the process itself; -1 is no limit. */
    public PlanEntry rlimit(int resource, long soft, long hard) {
        return call(
                Syscall.PRLIMIT64,
                PlanArgument.of(0),
                PlanArgument.of(resource),
                structure(ProcessCalls.longs(soft, hard)),
                NULL);
    }

    /** {@code sched_setaffinity} of the process itself: the processors that it and those it starts run on, unless they change that. */
    public PlanEntry schedSetaffinity(BitSet processors) {
        byte[] mask = ProcessCalls.longs(processors.toLongArray());
        return call(Syscall.SCHED_SETAFFINITY, PlanArgument.of(0), PlanArgument.of(mask.length), structure(mask));
    }

    public PlanEntry unshare(long flags) {
        return call(Syscall.UNSHARE, PlanArgument.of(flags));
    }

    public PlanEntry setns(PlanArgument fd, long type) {
        return call(Syscall.SETNS, fd, PlanArgument.of(type));
    }

    /** {@code pidfd_open} (Linux 5.3): what {@code setns} takes for all namespaces of a process (Linux 5.8). */
    public PlanEntry pidfdOpen(int pid) {
        return call(Syscall.PIDFD_OPEN, PlanArgument.of(pid), PlanArgument.of(0));
    }

    public PlanEntry setsid() {
        return call(Syscall.SETSID);
    }

    public PlanEntry setresuid(int real, int effective, int saved) {
        return call(Syscall.SETRESUID, PlanArgument.of(real), PlanArgument.of(effective), PlanArgument.of(saved));
    }

    public PlanEntry setresgid(int real, int effective, int saved) {
        return call(Syscall.SETRESGID, PlanArgument.of(real), PlanArgument.of(effective), PlanArgument.of(saved));
    }

    public PlanEntry sethostname(byte[] name) {
        return call(Syscall.SETHOSTNAME, structure(name), PlanArgument.of(name.length));
    }

    public PlanEntry umask(int mask) {
        return umask(PlanArgument.of(mask));
    }

    /** {@code umask} with the result of an earlier one, mostly. */
    public PlanEntry umask(PlanArgument bits) {
        return call(Syscall.UMASK, bits);
    }

    /** {@code setgroups} with an empty list. */
    public PlanEntry dropGroups() {
        return call(Syscall.SETGROUPS, PlanArgument.of(0), NULL);
    }

    /** Gives the child the signal mask of who spawned it: to stand right before the execution, until when all are blocked. */
    public PlanEntry restoreMask() {
        return mask(SIG_SETMASK, PlanArgument.CallerMask.CALLER_MASK);
    }

    /** Unblocks these signals: bit {@code n - 1} for signal {@code n}. HotSpot's threads have SIGQUIT blocked. */
    public PlanEntry unblockSignals(long signals) {
        return mask(SIG_UNBLOCK, structure(ProcessCalls.longs(signals)));
    }

    public PlanEntry blockSignals(long signals) {
        return mask(SIG_BLOCK, structure(ProcessCalls.longs(signals)));
    }

    private PlanEntry mask(int how, PlanArgument set) {
        return call(Syscall.RT_SIGPROCMASK, PlanArgument.of(how), set, NULL, PlanArgument.of(SIGNAL_SET_BYTES));
    }

    /** Executes this file. A failure is the command's, not Velo's. */
    public PlanEntry execve(byte[] file, List<byte[]> arguments, List<byte[]> environment) {
        return executing(file, strings(arguments), strings(environment));
    }

    /** Executes what the descriptor shows. */
    public PlanEntry execveat(PlanArgument fd, List<byte[]> arguments, List<byte[]> environment) {
        return call(
                        Syscall.EXECVEAT,
                        fd,
                        string(new byte[0]),
                        strings(arguments),
                        strings(environment),
                        PlanArgument.of(FileCalls.AT_EMPTY_PATH))
                .with(PlanLayout.EXECUTES);
    }

    /**
     * Searches the command as {@code execvpe(3)} does: along {@code path} ({@code $PATH}; null for none) unless it holds a slash,
     * past candidates that are missing or denied; a file without a known format is given to {@code /bin/sh}. Several entries.
     */
    public PlanEntry execSearch(
            byte[] command, List<byte[]> arguments, List<byte[]> environment, byte @Nullable [] path) {
        return execSearch(command, candidates(command, path == null ? DEFAULT_PATH : path), arguments, environment);
    }

    /** {@code execSearch} along given files; what is reported as missing is the command. */
    public PlanEntry execSearch(
            byte[] command, List<byte[]> candidates, List<byte[]> arguments, List<byte[]> environment) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("a search needs a candidate");
        }
        PlanArgument given = strings(arguments);
        PlanArgument variables = strings(environment);
        List<byte[]> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        PlanEntry last = attempt(candidates.getFirst(), given, variables, rest);
        for (byte[] candidate : candidates.subList(1, candidates.size())) {
            last = attempt(candidate, given, variables, rest);
        }
        return last.path(command);
    }

    /** One candidate: the file itself, then a shell that reads it, if the kernel does not know its format. */
    private PlanEntry attempt(byte[] candidate, PlanArgument given, PlanArgument variables, List<byte[]> rest) {
        PlanEntry attempt = executing(candidate, given, variables).with(PlanLayout.TRY);
        List<byte[]> script = new ArrayList<>(List.of(SHELL, candidate));
        script.addAll(rest);
        executing(SHELL, strings(script), variables)
                .with(PlanLayout.AFTER_ENOEXEC)
                .path(candidate);
        return attempt;
    }

    /** The files that a search along this {@code $PATH} tries, in order. */
    public static List<byte[]> candidates(byte[] command, byte[] path) {
        for (byte b : command) {
            if (b == '/') {
                return List.of(command);
            }
        }
        if (command.length == 0) {
            return List.of(command);
        }
        List<byte[]> candidates = new ArrayList<>();
        for (int start = 0, end; start <= path.length; start = end + 1) {
            end = start;
            while (end < path.length && path[end] != ':') {
                end++;
            }
            ByteArrayOutputStream candidate = new ByteArrayOutputStream();
            candidate.write(path, start, end - start);
            candidate.writeBytes(bytes(end == start ? "./" : "/"));
            candidate.writeBytes(command);
            candidates.add(candidate.toByteArray());
        }
        return candidates;
    }

    private PlanEntry executing(byte[] file, PlanArgument arguments, PlanArgument environment) {
        return call(Syscall.EXECVE, string(file), arguments, environment)
                .with(PlanLayout.EXECUTES)
                .path(file);
    }

    private static PlanArgument nullable(byte @Nullable [] bytes) {
        return bytes == null ? NULL : string(bytes);
    }

    private static PlanArgument nullable(@Nullable String text) {
        return text == null ? NULL : string(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

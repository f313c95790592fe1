package dev.velo.ffm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link Plan}, call by call.
 *
 * <p>Calls go to the section switched to last: {@link #setup} and {@link #cleanup} are run by the runner before and after the
 * command, {@link #child} by the new process, {@link #beside} by another one
 * while the command runs; {@code child} is the section of a new builder. Not for use by several threads.
 */
public final class PlanBuilder extends PlanCalls {
    public static final long CLONE_NEWTIME = 0x80;
    public static final long CLONE_NEWNS = 0x20000;
    public static final long CLONE_NEWCGROUP = 0x2000000;
    public static final long CLONE_NEWUTS = 0x4000000;
    public static final long CLONE_NEWIPC = 0x8000000;
    public static final long CLONE_NEWUSER = 0x10000000;
    public static final long CLONE_NEWPID = 0x20000000;
    public static final long CLONE_NEWNET = 0x40000000;

    static final long NAMESPACES = CLONE_NEWTIME
            | CLONE_NEWNS
            | CLONE_NEWCGROUP
            | CLONE_NEWUTS
            | CLONE_NEWIPC
            | CLONE_NEWUSER
            | CLONE_NEWPID
            | CLONE_NEWNET;

    enum Section {
        SETUP,
        CHILD,
        CLEANUP,
        BESIDE
    }

    private final Map<Section, List<PlanEntry>> sections = new EnumMap<>(Section.class);
    private Section section = Section.CHILD;
    private @Nullable String what;
    long cloneFlags;
    long ignoredSignals;
    boolean forceClone;
    boolean keeper;
    String prefix = "velo: ";
    int life = -1;

    @Nullable
    Readiness readiness;

    @Nullable
    TimeLimit timeLimit;

    /**
     * How the command says that it is ready.
     *
     * @param read the end of a pipe in which the runner finds the byte {@code '1'} then
     * @param write the other end, which the command inherits, and closes when it has written
     * @param limitMillis how long the runner waits for it
     * @param failure the sentence that is told where the byte does not come
     */
    public record Readiness(int read, int write, int limitMillis, String failure) {}

    /**
     * How long the command may take.
     *
     * @param millis from its start; more than 0
     * @param failure the sentence that is told when it is ended
     */
    public record TimeLimit(int millis, String failure) {}

    public PlanBuilder() {
        for (Section each : Section.values()) {
            sections.put(each, new ArrayList<>());
        }
    }

    /** What follows is run by the runner itself, before the command. */
    public PlanBuilder setup() {
        return switchTo(Section.SETUP);
    }

    /** What follows is run by the new process; an {@code execve} ends it. */
    public PlanBuilder child() {
        return switchTo(Section.CHILD);
    }

    /** What follows is run by the runner after the command, and also if that could not be started; its errors do not matter. */
    public PlanBuilder cleanup() {
        return switchTo(Section.CLEANUP);
    }

    /**
     * What follows is run beside the command, by a process of its own that the runner starts after it and kills with its end; errors
     * do not matter, and nothing waits for it. Results of {@link #setup} may be used.
     */
    public PlanBuilder beside() {
        return switchTo(Section.BESIDE);
    }

    /** The namespaces that the child starts in anew: a union of {@code CLONE_NEW*}. */
    public PlanBuilder namespaces(long flags) {
        if ((flags & ~NAMESPACES) != 0) {
            throw new IllegalArgumentException("not flags of namespaces: 0x" + Long.toHexString(flags & ~NAMESPACES));
        }
        cloneFlags = flags;
        return this;
    }

    /** The signals that the command starts with ignoring: bit {@code n - 1} for signal {@code n}, as {@code SigIgn} in /proc. */
    public PlanBuilder ignoreSignals(long mask) {
        ignoredSignals = mask;
        return this;
    }

    /** Does without {@code clone3}, as where a container forbids it. */
    public PlanBuilder forceClone() {
        forceClone = true;
        return this;
    }

    /**
     * The runner has a keeper: a process of its own session, made before the setup, that carries the cleanup section out when the
     * runner has ended, however that was, SIGKILL included. It knows nothing of the setup's results, so the cleanup may use none; it has
     * none of the runner's descriptors but the error stream. Not for a runner that is the first process of a namespace, which all others end with.
     */
    public PlanBuilder keeper() {
        keeper = true;
        return this;
    }

    /**
     * The command has to say that it is ready, and is killed by the runner if it does not; the status is Velo's own then. A spawn
     * without the runner does not ask.
     */
    public PlanBuilder readiness(Readiness wanted) {
        readiness = wanted;
        return this;
    }

    /**
     * The runner is pid 1 of a namespace and ends, with all processes there, when nobody holds the other end of this pipe any more. It
     * inherits the descriptor, the command does not.
     */
    public PlanBuilder life(int readEnd) {
        life = readEnd;
        return this;
    }

    /** The runner is pid 1 of a namespace and ends, with all processes there and status 124, when the time is over. */
    public PlanBuilder timeLimit(TimeLimit limit) {
        if (limit.millis() <= 0) {
            throw new IllegalArgumentException("a time limit of " + limit.millis() + " ms");
        }
        timeLimit = limit;
        return this;
    }

    /** What messages of the runner begin with; "velo: " unless said. */
    public PlanBuilder prefix(String text) {
        prefix = text;
        return this;
    }

    /** A sentence that a report of the failure of any of the following calls begins with, such as "cannot show the tree at /x". */
    public PlanBuilder what(@Nullable String sentence) {
        what = sentence;
        return this;
    }

    @Override
    public PlanEntry call(Syscall call, PlanArgument... arguments) {
        if (arguments.length > PlanLayout.ARGUMENTS) {
            throw new IllegalArgumentException(
                    "a system call has at most six arguments, " + call + " was given " + arguments.length);
        }
        PlanEntry entry = new PlanEntry(call, List.of(arguments), what);
        entries(section).add(entry);
        return entry;
    }

    /**
     * The plan as it stands; the builder can go on.
     *
     * @throws IllegalArgumentException if an entry needs one that is not carried out before it, or not where it is
     */
    public Plan build() {
        if (keeper) {
            requireOwnCleanup();
        }
        return new Plan(new PlanEncoder(this).encode());
    }

    List<PlanEntry> entries(Section wanted) {
        return sections.getOrDefault(wanted, List.of());
    }

    /** The keeper was made before anything else was carried out. */
    private void requireOwnCleanup() {
        List<PlanEntry> cleanup = entries(Section.CLEANUP);
        for (PlanEntry entry : cleanup) {
            for (PlanEntry needed : entry.needs()) {
                if (!cleanup.contains(needed)) {
                    throw new IllegalArgumentException(
                            "the cleanup's " + entry.call.callName() + " needs the result of " + needed.call.callName()
                                    + " outside of it, which a keeper does not know");
                }
            }
        }
    }

    private PlanBuilder switchTo(Section wanted) {
        section = wanted;
        return this;
    }
}

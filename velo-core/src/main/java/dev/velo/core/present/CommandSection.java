package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanCalls;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a plan's child section: what a command begins with, and its execution. */
public final class CommandSection {
    private static final byte[] PATH_VARIABLE = PathBytes.of("PATH=");

    /** Where nothing else is said, as execvp(3). */
    private static final byte[] DEFAULT_PATH = PathBytes.of("/bin:/usr/bin");

    private CommandSection() {}

    /**
     * Adds all of it; the command is searched along the {@code PATH} of its environment.
     *
     * @param directory the working directory, as the process sees it then
     * @param handover of a runner that is a child of this process
     */
    public static void add(PlanBuilder plan, byte[] directory, CommandProcess process, @Nullable Handover handover) {
        begin(plan, directory, process, handover);
        byte[] command = process.words().getFirst();
        List<byte[]> candidates = PlanCalls.candidates(command, searchPath(process.environment()));
        plan.execSearch(command, candidates, process.words(), process.environment());
    }

    /** What every command begins with: its streams, its signals, its directory. */
    static void begin(PlanBuilder plan, byte[] directory, CommandProcess process, @Nullable Handover handover) {
        if (handover != null) {
            handover.to(plan);
        }
        plan.ignoreSignals(process.ignoredSignals());
        plan.what("cannot enter the working directory");
        plan.chdir(directory);
        plan.restoreMask();
        plan.what("cannot run the command");
    }

    /** {@code PATH} of an environment. */
    static byte[] searchPath(List<byte[]> environment) {
        byte[] path = DEFAULT_PATH;
        for (byte[] variable : environment) {
            if (PathBytes.startsWith(variable, PATH_VARIABLE)) {
                path = Arrays.copyOfRange(variable, PATH_VARIABLE.length, variable.length);
            }
        }
        return path;
    }
}

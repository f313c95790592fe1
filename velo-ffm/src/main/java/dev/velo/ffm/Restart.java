package dev.velo.ffm;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Begins this program again. */
public final class Restart {
    private static final byte[] SELF = "/proc/self/exe".getBytes(StandardCharsets.US_ASCII);

    private Restart() {}

    /**
     * Executes the program that this process is once more, in its place: the JVM and all its threads end without shutdown hooks; the
     * process keeps its number, parent, terminal and the descriptors it was started with. Returns only by throwing.
     */
    public static void with(List<byte[]> arguments, List<byte[]> environment) throws ErrnoException {
        RunnerDescriptors.keepFromCommand();
        ProcessCalls.rtSigprocmask(ProcessCalls.SIG_UNBLOCK, 1L << (ProcessCalls.SIGQUIT - 1));
        ProcessCalls.execve(SELF, arguments, environment);
    }
}

package dev.velo.core.present;

import java.util.List;

/**
 * A command to run with a tree shown to it.
 *
 * @param at absolute path at which the tree appears
 * @param workingDirectory absolute path in which the command starts
 * @param writes what becomes of writes to the tree
 * @param command the program and its arguments
 * @param environment {@code NAME=value} entries
 * @param ignoredSignals the signals that the command shall ignore, as {@code SigIgn} of proc(5)
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; options are never compared
public record LaunchOptions(
        byte[] at,
        byte[] workingDirectory,
        Writes writes,
        List<byte[]> command,
        List<byte[]> environment,
        long ignoredSignals) {

    /** The command alone, wherever it runs. */
    CommandProcess process() {
        return new CommandProcess(command, environment, ignoredSignals);
    }

    /** What becomes of writes to the tree. */
    public sealed interface Writes {
        /** They fail: the tree is read-only. */
        record Refused() implements Writes {}

        /** They go to memory, and are gone at the end. */
        record Discarded() implements Writes {}

        /** They go to this directory, which keeps them. */
        record Kept(Upper upper) implements Writes {}
    }
}

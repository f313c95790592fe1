package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * A command as a process has it.
 *
 * @param words the program and its arguments
 * @param environment {@code NAME=value} entries
 * @param ignoredSignals the signals that the command shall ignore, as {@code SigIgn} of proc(5)
 */
public record CommandProcess(List<byte[]> words, List<byte[]> environment, long ignoredSignals) {
    private static final byte[] DIRECTORY = PathBytes.of("PWD=");

    /** The environment of a command that starts in this directory. */
    public static List<byte[]> environmentIn(byte[] directory, List<byte[]> variables) {
        List<byte[]> changed = new ArrayList<>(variables);
        changed.removeIf(variable -> PathBytes.startsWith(variable, DIRECTORY));
        changed.add(PathBytes.concat(DIRECTORY, directory));
        return changed;
    }
}

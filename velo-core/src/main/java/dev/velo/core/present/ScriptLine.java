package dev.velo.core.present;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a script as the kernel reads it: an interpreter and at most one argument, which may hold blanks. Source:
 * {@code fs/binfmt_script.c} of Linux 6.18.
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record ScriptLine(byte[] interpreter, byte @Nullable [] argument) {
    /** How much of the file the kernel looks at. */
    static final int LIMIT = 255;

    /** Whether these are the first bytes of a script. */
    static boolean isScript(byte[] start) {
        return start.length >= 2 && start[0] == '#' && start[1] == '!';
    }

    /** The line of a script with these first bytes; null if it names no interpreter. */
    static @Nullable ScriptLine of(byte[] start) {
        int end = 2;
        while (end < start.length && end < LIMIT && start[end] != '\n' && start[end] != 0) {
            end++;
        }
        while (end > 2 && isBlank(start[end - 1])) {
            end--;
        }
        int from = skipBlanks(start, 2, end);
        int to = from;
        while (to < end && !isBlank(start[to])) {
            to++;
        }
        if (from == to) {
            return null;
        }
        int argument = skipBlanks(start, to, end);
        return new ScriptLine(
                Arrays.copyOfRange(start, from, to), argument == end ? null : Arrays.copyOfRange(start, argument, end));
    }

    private static int skipBlanks(byte[] bytes, int at, int end) {
        int found = at;
        while (found < end && isBlank(bytes[found])) {
            found++;
        }
        return found;
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || letter == '\t';
    }
}

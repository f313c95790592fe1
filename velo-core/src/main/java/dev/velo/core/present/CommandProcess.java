package dev.velo.core.present;

import java.util.List;

/**
 * A command as a process has it.
 *
 * @param words the program and its arguments
 * @param environment {@code NAME=value} entries
 * @param ignoredSignals the signals that the command shall ignore, as {@code SigIgn} of proc(5)
 */
public record CommandProcess(List<byte[]> words, List<byte[]> environment, long ignoredSignals) {}

package dev.velo.launcher;

import dev.velo.core.tree.OwnEnvironment;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.RunnerOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What this process was given: arguments, environment and working directory as bytes, because the JVM mangles what is not text in the
 * locale's encoding. In strings each character stands for one byte.
 */
final class ProcessFacts {
    private ProcessFacts() {}

    /** The arguments of the main method, as many as the JVM has counted. */
    static List<String> arguments(String[] counted) {
        List<byte[]> all = words();
        List<String> arguments = new ArrayList<>();
        for (byte[] word : all.subList(Math.max(0, all.size() - counted.length), all.size())) {
            arguments.add(new String(word, StandardCharsets.ISO_8859_1));
        }
        return arguments;
    }

    /** The command line with everything that the JVM was given. */
    static List<byte[]> words() {
        return OwnEnvironment.words();
    }

    static List<byte[]> environment() {
        return OwnEnvironment.variables();
    }

    /** The value of an environment variable, or an empty string. */
    static String variable(String name) {
        return new String(OwnEnvironment.value(name), StandardCharsets.ISO_8859_1);
    }

    /** The absolute path of the working directory. */
    static byte[] workingDirectory() throws ErrnoException {
        return LinkCalls.readlinkat(FileCalls.AT_FDCWD, PathBytes.of("/proc/self/cwd"));
    }

    /** An argument that names a file, as a normal absolute path. */
    static byte[] path(String argument) throws ErrnoException {
        return PathBytes.normalize(workingDirectory(), argument.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The soft limit of open files that was in force before the JVM raised it, if the script has passed it on. */
    static OptionalLong softDescriptorLimit() {
        String limit = System.getProperty("velo.nofile", "");
        return limit.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(limit)) : OptionalLong.empty();
    }

    /** The signals that were ignored before the JVM took some of them over, as {@code SigIgn} of proc(5). */
    static long ignoredSignals() {
        String mask = System.getProperty("velo.sigign", "");
        return mask.matches("[0-9a-fA-F]{1,16}") ? Long.parseUnsignedLong(mask, 16) : 0;
    }

    /** How a runner starts that takes this process's place. */
    static RunnerOptions runnerOptions() {
        RunnerOptions options = RunnerOptions.DEFAULT.withName("velo").withEnvironment(List.of());
        OptionalLong limit = softDescriptorLimit();
        return limit.isPresent() ? options.withSoftDescriptorLimit(limit.getAsLong()) : options;
    }
}

package dev.velo.launcher;

import dev.velo.core.sandbox.SandboxOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code velo run} that make a sandbox. */
final class IsolateOptions {
    /** Whose network the command has. */
    enum Net {
        NONE,
        HOST
    }

    /** Which users there are in a sandbox. */
    enum Ids {
        ONE,
        RANGE
    }

    /** Whether system calls are filtered. */
    enum Seccomp {
        ON,
        OFF
    }

    @Option(
            names = "--isolate",
            description =
                    "Runs the command in a world of its own: namespaces, a root of layers, no privileges. See docs/SANDBOX.md.")
    private boolean isolate;

    @Option(
            names = "--base",
            paramLabel = "FILE",
            description = "A manifest that the sandbox's root is made of; of several the first is the uppermost.")
    private List<String> bases = new ArrayList<>();

    @Option(
            names = "--net",
            paramLabel = "none|host",
            description = "none: a network of its own with nothing but the loopback interface. host: this machine's.")
    private @Nullable Net net;

    @Option(
            names = "--bind",
            paramLabel = "SRC:DST[:ro]",
            description = "Shows a directory or file of this machine in the sandbox.")
    private List<String> binds = new ArrayList<>();

    @Mixin
    private final EnvironmentOptions environment = new EnvironmentOptions();

    @Option(names = "--hostname", paramLabel = "NAME", description = "The sandbox's host name; velo by default.")
    private @Nullable String hostname;

    @Option(names = "--uid", paramLabel = "N", description = "The command's user in the sandbox; 0 by default.")
    private @Nullable Integer uid;

    @Option(names = "--gid", paramLabel = "N", description = "The command's group in the sandbox; 0 by default.")
    private @Nullable Integer gid;

    @Option(
            names = "--ids",
            paramLabel = "one|range",
            description =
                    "one: the sandbox's only user is you. range: there are others too, from /etc/subuid by newuidmap; root"
                            + " always has them.")
    private @Nullable Ids ids;

    @Option(
            names = "--seccomp",
            paramLabel = "on|off",
            description = "on: system calls that are of use for getting out fail. off: none is filtered.")
    private @Nullable Seccomp seccomp;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "How much the command may write to memory, as 512m; half of the machine's by default.")
    private @Nullable String size;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description =
                    "Writes a manifest of what the command left of its root; Velo waits for the command meanwhile.")
    private @Nullable String save;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "How much memory its processes may use together, as 512m.")
    private @Nullable String memory;

    @Option(names = "--pids", paramLabel = "N", description = "How many processes and threads there may be.")
    private @Nullable Long pids;

    @Option(names = "--cpu", paramLabel = "CORES", description = "How many processors' time they may use, as 1.5.")
    private @Nullable Double cpu;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Ends all processes of the sandbox after this time, with status 124.")
    private @Nullable Double timeout;

    boolean isolate() {
        return isolate;
    }

    List<String> bases() {
        return bases;
    }

    SandboxOptions.Network network() {
        return net == Net.HOST ? SandboxOptions.Network.HOST : SandboxOptions.Network.NONE;
    }

    List<String> binds() {
        return binds;
    }

    EnvironmentOptions environment() {
        return environment;
    }

    String hostname() {
        return hostname == null ? "velo" : hostname;
    }

    int uid() {
        return uid == null ? 0 : uid;
    }

    int gid() {
        return gid == null ? 0 : gid;
    }

    boolean wantsRange() {
        return ids == Ids.RANGE;
    }

    SandboxOptions.Calls calls() {
        return seccomp == Seccomp.OFF ? SandboxOptions.Calls.ALL : SandboxOptions.Calls.FILTERED;
    }

    @Nullable
    String size() {
        return size;
    }

    @Nullable
    String save() {
        return save;
    }

    @Nullable
    String memory() {
        return memory;
    }

    @Nullable
    Long pids() {
        return pids;
    }

    @Nullable
    Double cpu() {
        return cpu;
    }

    @Nullable
    Double timeout() {
        return timeout;
    }

    /** Refuses what has a meaning in a sandbox only. */
    void requireIsolate() throws IOException {
        if (isolate) {
            return;
        }
        boolean given = !bases.isEmpty()
                || !binds.isEmpty()
                || environment.isGiven()
                || net != null
                || hostname != null
                || uid != null
                || gid != null
                || ids != null
                || seccomp != null
                || size != null
                || save != null
                || memory != null
                || pids != null
                || cpu != null
                || timeout != null;
        if (given) {
            throw new IOException(
                    "--base, --bind, --env, --clear-env, --net, --hostname, --uid, --gid, --ids, --seccomp, --size and"
                            + " --timeout make a sandbox; give --isolate too");
        }
    }
}

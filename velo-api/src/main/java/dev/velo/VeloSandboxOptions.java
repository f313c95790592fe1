package dev.velo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What a sandbox is like. Begins with {@link #DEFAULT} and changes one thing at a time.
 *
 * {@snippet :
 * VeloSandboxOptions options = VeloSandboxOptions.DEFAULT
 *         .withTree(sources, Path.of("/src"), VeloSandboxOptions.Access.READ_ONLY)
 *         .withBind(Path.of("out"), Path.of("/out"), VeloSandboxOptions.Access.READ_WRITE)
 *         .withEnvironment(new VeloSandboxOptions.Environment.Exactly(Map.of("PATH", "/bin")))
 *         .withLimits(VeloSandboxOptions.Limits.NONE.withMemory(512 << 20).withTime(Duration.ofMinutes(1)));
 * }
 *
 * @param hostname the name of the machine, as the command sees it
 * @param user the command's user, as it sees it
 * @param group its group, as it sees it
 * @param network whose network it has
 * @param systemCalls which system calls it may make
 * @param writes what becomes of writes to the root; they are discarded or kept, never refused
 * @param writableMemory how many bytes it may write to memory: to the root, {@code /tmp} and {@code /dev/shm} together; without one,
 *     half of the machine's
 * @param trees further trees that it sees
 * @param binds directories and files of this machine that it sees
 * @param environment its variables
 * @param directory where it starts, as it sees it
 * @param limits how much it may use
 */
public record VeloSandboxOptions(
        String hostname,
        int user,
        int group,
        Network network,
        SystemCalls systemCalls,
        VeloWrites writes,
        OptionalLong writableMemory,
        List<Tree> trees,
        List<Bind> binds,
        Environment environment,
        Path directory,
        Limits limits) {

    /** Whose network a sandbox has. */
    public enum Network {
        /** One of its own, with nothing but the loopback interface. */
        NONE,
        /** This machine's. */
        HOST
    }

    /** Which system calls may be made in a sandbox. */
    public enum SystemCalls {
        /** All but those that are of use for getting out. */
        FILTERED,
        /** All; what they may do is still bounded by the lack of privileges. */
        ALL
    }

    /** Whether what is shown may be written to. */
    public enum Access {
        /** Writes are refused. */
        READ_ONLY,
        /** Writes go to a bound directory itself; those to a tree go to memory, and are gone at the end. */
        READ_WRITE
    }

    /**
     * A tree at a place in the sandbox.
     *
     * {@snippet :
     * var tree = new VeloSandboxOptions.Tree(view, Path.of("/deps"), VeloSandboxOptions.Access.READ_ONLY);
     * }
     *
     * @param view the tree, open when the sandbox is started, of any store
     * @param at absolute path in the sandbox, made if it is not there
     * @param access whether it may be written over
     */
    public record Tree(VeloView view, Path at, Access access) {
        /** Checks the place. */
        public Tree {
            requirePlace(at);
        }
    }

    /**
     * A directory or file of this machine at a place in the sandbox.
     *
     * {@snippet :
     * var bind = new VeloSandboxOptions.Bind(Path.of("out"), Path.of("/out"), VeloSandboxOptions.Access.READ_WRITE);
     * }
     *
     * @param source the directory or file
     * @param target absolute path in the sandbox, made if it is not there
     * @param access whether it may be written to
     */
    public record Bind(Path source, Path target, Access access) {
        /** Checks the place. */
        public Bind {
            requirePlace(target);
        }
    }

    /**
     * The variables of a command; {@code PWD} is set to where it starts.
     *
     * {@snippet :
     * VeloSandboxOptions.Environment clean = new VeloSandboxOptions.Environment.Exactly(Map.of("PATH", "/bin:/usr/bin"));
     * }
     */
    public sealed interface Environment {
        /** This process's. */
        record Inherited() implements Environment {}

        /**
         * These.
         *
         * @param variables their values by name
         */
        record Exactly(Map<String, String> variables) implements Environment {
            /** Copies the map. */
            public Exactly {
                variables = Map.copyOf(variables);
            }
        }
    }

    /**
     * How much all processes of a sandbox may use together. What holds a limit on this machine, and what it means there, says
     * {@link VeloSandboxProcess#limits}.
     *
     * {@snippet :
     * VeloSandboxOptions.Limits limits = VeloSandboxOptions.Limits.NONE.withProcesses(64).withProcessors(1.5);
     * }
     *
     * @param memory bytes of memory, with what is written to memory
     * @param processes processes and threads at one time, with the one that is the parent of the command
     * @param processors time on processors, 1.5 being that of one and a half
     * @param time after which all of it is ended, with status 124
     */
    public record Limits(
            OptionalLong memory, OptionalLong processes, OptionalDouble processors, Optional<Duration> time) {
        /** Nothing is limited. */
        public static final Limits NONE =
                new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.empty(), Optional.empty());

        /**
         * Checks the time.
         *
         * @throws IllegalArgumentException if the time is not between a millisecond and 24 days
         */
        public Limits {
            time.ifPresent(limit -> {
                if (limit.compareTo(Duration.ofMillis(1)) < 0
                        || limit.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
                    throw new IllegalArgumentException(limit + " is no time between a millisecond and 24 days");
                }
            });
        }

        /**
         * The same with limited memory.
         *
         * @param bytes how much
         * @return the changed limits
         */
        public Limits withMemory(long bytes) {
            return new Limits(OptionalLong.of(bytes), processes, processors, time);
        }

        /**
         * The same with a limited number of processes and threads.
         *
         * @param count how many
         * @return the changed limits
         */
        public Limits withProcesses(long count) {
            return new Limits(memory, OptionalLong.of(count), processors, time);
        }

        /**
         * The same with limited time on processors.
         *
         * @param count how many processors' time
         * @return the changed limits
         */
        public Limits withProcessors(double count) {
            return new Limits(memory, processes, OptionalDouble.of(count), time);
        }

        /**
         * The same with limited time.
         *
         * @param limit how long
         * @return the changed limits
         */
        public Limits withTime(Duration limit) {
            return new Limits(memory, processes, processors, Optional.of(limit));
        }
    }

    /** Root of a machine called velo, without network; writes go to memory, variables are inherited, nothing is limited. */
    public static final VeloSandboxOptions DEFAULT = new VeloSandboxOptions(
            "velo",
            0,
            0,
            Network.NONE,
            SystemCalls.FILTERED,
            new VeloWrites.Discarded(),
            OptionalLong.empty(),
            List.of(),
            List.of(),
            new Environment.Inherited(),
            Path.of("/"),
            Limits.NONE);

    private static final int LONGEST_HOSTNAME = 64;
    private static final int USERS = 1 << 16;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there can be no such sandbox
     */
    public VeloSandboxOptions {
        if (hostname.isEmpty()
                || hostname.length() > LONGEST_HOSTNAME
                || hostname.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("no host name: " + hostname);
        }
        if (user < 0 || user >= USERS || group < 0 || group >= USERS) {
            throw new IllegalArgumentException("users and groups are numbers from 0 to 65535");
        }
        if (writes instanceof VeloWrites.Refused) {
            throw new IllegalArgumentException(
                    "the root of a sandbox can be written to; discard what is written, or keep it");
        }
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException(directory + " is not absolute");
        }
        trees = List.copyOf(trees);
        binds = List.copyOf(binds);
    }

    private static void requirePlace(Path place) {
        if (!place.isAbsolute() || place.normalize().getNameCount() == 0) {
            throw new IllegalArgumentException(place + " is no absolute path below the root");
        }
    }

    /**
     * The same on a machine of another name.
     *
     * @param name the name, up to 64 printable characters of ASCII
     * @return the changed options
     */
    public VeloSandboxOptions withHostname(String name) {
        return with(draft -> draft.hostname = name);
    }

    /**
     * The same for another user.
     *
     * @param userNumber the user, as the command sees it
     * @param groupNumber the group
     * @return the changed options
     */
    public VeloSandboxOptions withUser(int userNumber, int groupNumber) {
        return with(draft -> {
            draft.user = userNumber;
            draft.group = groupNumber;
        });
    }

    /**
     * The same with another network.
     *
     * @param changed whose
     * @return the changed options
     */
    public VeloSandboxOptions withNetwork(Network changed) {
        return with(draft -> draft.network = changed);
    }

    /**
     * The same with other system calls.
     *
     * @param changed which
     * @return the changed options
     */
    public VeloSandboxOptions withSystemCalls(SystemCalls changed) {
        return with(draft -> draft.systemCalls = changed);
    }

    /**
     * The same with another policy for writes to the root.
     *
     * @param changed discarded or kept
     * @return the changed options
     */
    public VeloSandboxOptions withWrites(VeloWrites changed) {
        return with(draft -> draft.writes = changed);
    }

    /**
     * The same with limited memory for writes.
     *
     * @param bytes how much
     * @return the changed options
     */
    public VeloSandboxOptions withWritableMemory(long bytes) {
        return with(draft -> draft.writableMemory = OptionalLong.of(bytes));
    }

    /**
     * The same with one more tree.
     *
     * @param view the tree, open when the sandbox is started
     * @param at absolute path in the sandbox
     * @param access whether it may be written over
     * @return the changed options
     */
    public VeloSandboxOptions withTree(VeloView view, Path at, Access access) {
        return with(draft -> draft.trees.add(new Tree(view, at, access)));
    }

    /**
     * The same with one more directory or file of this machine.
     *
     * @param source the directory or file
     * @param target absolute path in the sandbox
     * @param access whether it may be written to
     * @return the changed options
     */
    public VeloSandboxOptions withBind(Path source, Path target, Access access) {
        return with(draft -> draft.binds.add(new Bind(source, target, access)));
    }

    /**
     * The same with other variables.
     *
     * @param changed which
     * @return the changed options
     */
    public VeloSandboxOptions withEnvironment(Environment changed) {
        return with(draft -> draft.environment = changed);
    }

    /**
     * The same for a command that starts elsewhere.
     *
     * @param path absolute path in the sandbox
     * @return the changed options
     */
    public VeloSandboxOptions withDirectory(Path path) {
        return with(draft -> draft.directory = path);
    }

    /**
     * The same with other limits.
     *
     * @param changed all of them
     * @return the changed options
     */
    public VeloSandboxOptions withLimits(Limits changed) {
        return with(draft -> draft.limits = changed);
    }

    private VeloSandboxOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** Options that are being changed. */
    private static final class Draft {
        private String hostname;
        private int user;
        private int group;
        private Network network;
        private SystemCalls systemCalls;
        private VeloWrites writes;
        private OptionalLong writableMemory;
        private final List<Tree> trees;
        private final List<Bind> binds;
        private Environment environment;
        private Path directory;
        private Limits limits;

        Draft(VeloSandboxOptions options) {
            hostname = options.hostname;
            user = options.user;
            group = options.group;
            network = options.network;
            systemCalls = options.systemCalls;
            writes = options.writes;
            writableMemory = options.writableMemory;
            trees = new ArrayList<>(options.trees);
            binds = new ArrayList<>(options.binds);
            environment = options.environment;
            directory = options.directory;
            limits = options.limits;
        }

        VeloSandboxOptions options() {
            return new VeloSandboxOptions(
                    hostname,
                    user,
                    group,
                    network,
                    systemCalls,
                    writes,
                    writableMemory,
                    trees,
                    binds,
                    environment,
                    directory,
                    limits);
        }
    }
}

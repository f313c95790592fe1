package dev.velo.core.sandbox;

/** What holds a limit, the strongest first. */
public enum LimitMechanism {
    /** A cgroup of the unified hierarchy: all processes of the sandbox together. */
    CGROUP_V2("cgroup v2"),

    /** A cgroup of a controller's own hierarchy: all processes of the sandbox together. */
    CGROUP_V1("cgroup v1"),

    /** A limit that each process inherits, see setrlimit(2): weaker, the decision says in what. */
    RLIMIT("rlimit"),

    /** A set of processors, see sched_setaffinity(2): whole ones, and a process may choose others. */
    AFFINITY("affinity"),

    /** Nothing: the limit does not hold. */
    NONE("not held");

    private final String text;

    LimitMechanism(String text) {
        this.text = text;
    }

    /** The words for people. */
    public String text() {
        return text;
    }

    /** Whether cgroups hold it, which need setup and cleanup around the command. */
    public boolean isCgroup() {
        return this == CGROUP_V2 || this == CGROUP_V1;
    }
}

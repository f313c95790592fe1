package dev.velo.core.sandbox;

/** What a sandbox can be limited in. */
public enum LimitedResource {
    MEMORY("memory"),
    PIDS("pids"),
    CPU("cpu");

    private final String text;

    LimitedResource(String text) {
        this.text = text;
    }

    /** The kernel's name of the cgroup controller, which is also the word for people. */
    public String text() {
        return text;
    }
}

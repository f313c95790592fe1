package dev.velo.ffm;

import java.io.IOException;

/** A plan that failed: at which entry, in which call, with what error. Nothing of the child is left. */
public final class PlanFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final int entry;
    private final Syscall call;
    private final Errno errno;
    private final String path;
    private final String what;

    PlanFailure(int entry, Syscall call, Errno errno, String path, String what) {
        super((what.isEmpty() ? "" : what + ": ")
                + call.callName()
                + (path.isEmpty() ? "" : " " + path)
                + ": "
                + errno.text());
        this.entry = entry;
        this.call = call;
        this.errno = errno;
        this.path = path;
        this.what = what;
    }

    /** The index of the failed entry, or -1 if the process itself could not be made. */
    public int entry() {
        return entry;
    }

    public Syscall call() {
        return call;
    }

    public Errno errno() {
        return errno;
    }

    /** The path that the entry reports, or ""; bytes that are not UTF-8 are replaced. */
    public String path() {
        return path;
    }

    /** The sentence that the entry reports, or "". */
    public String what() {
        return what;
    }
}

package dev.velo.core.testing;

import java.util.Set;
import java.util.TreeSet;

/** Counts what a fixture holds and remembers what this file system or user could not have. */
final class FixtureLog {
    private final Set<String> leftOut = new TreeSet<>();
    private int entries;

    void made() {
        entries++;
    }

    void leftOut(String what) {
        leftOut.add(what);
    }

    int entries() {
        return entries;
    }

    Set<String> leftOut() {
        return Set.copyOf(leftOut);
    }
}

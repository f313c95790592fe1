package dev.velo.project;

import java.util.List;

/** The kinds of dependency trees that Velo knows. */
final class Ecosystems {
    /** All of them; in one folder the first with a lockfile there counts of those that have the same place. */
    static final List<Ecosystem> ALL = List.of(
            Pnpm.ECOSYSTEM,
            Yarn.ECOSYSTEM,
            Bun.ECOSYSTEM,
            Npm.ECOSYSTEM,
            Uv.ECOSYSTEM,
            Pip.ECOSYSTEM,
            Cargo.ECOSYSTEM,
            Go.ECOSYSTEM,
            Maven.ECOSYSTEM);

    private Ecosystems() {}

    /** The one of this name. */
    static Ecosystem named(String name) {
        for (Ecosystem each : ALL) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        String names = String.join(", ", ALL.stream().map(Ecosystem::name).toList());
        throw new IllegalArgumentException("there is no ecosystem " + name + "; name one of " + names);
    }
}

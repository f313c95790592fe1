package dev.velo.launcher;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A case whose output under the shim may differ from that of an oracle, and why that is right.
 *
 * @param name the program and the case, {@code family:case}
 */
record CaseDifference(Oracle oracle, String name, String reason) {
    /** What the shim is held against. */
    enum Oracle {
        /** The tree itself. */
        REAL,
        /** The tree itself, for programs of musl. */
        REAL_BY_MUSL,
        /** The tree's image, mounted by the kernel. */
        MOUNT
    }

    private static final List<CaseDifference> ALL = List.of(
            new CaseDifference(Oracle.REAL, "attributes:read_only", "the real tree can be written to"),
            new CaseDifference(
                    Oracle.REAL,
                    "directories:raw_list_too_small",
                    "which name is the first is for file systems to say"),
            new CaseDifference(Oracle.REAL, "opening:fifo", "a fifo in a tree that is nowhere connects nobody"),
            new CaseDifference(Oracle.MOUNT, "opening:fifo", "a fifo in a tree that is nowhere connects nobody"),
            new CaseDifference(Oracle.REAL, "opening:io_uring", "there are no rings under the shim"),
            new CaseDifference(Oracle.MOUNT, "opening:io_uring", "there are no rings under the shim"),
            new CaseDifference(
                    Oracle.REAL, "libraries:dlmopen", "the loader asks no auditor for the first library there"),
            new CaseDifference(
                    Oracle.MOUNT, "libraries:dlmopen", "the loader asks no auditor for the first library there"),
            new CaseDifference(Oracle.MOUNT, "held:flock_directories", "all directories share one descriptor's inode"),
            new CaseDifference(Oracle.MOUNT, "descriptors:fsync", "EROFS has no fsync; ext4, and the shim, have one"));

    /** Of musl's programs: what the shim does as glibc would. */
    private static final List<CaseDifference> BY_MUSL = Stream.of(
                    "access:eaccess",
                    "access:euidaccess",
                    "links:readlink",
                    "links:readlinkat",
                    "programs:execlp",
                    "programs:execvp",
                    "programs:execvpe",
                    "spawning:addclose",
                    "working:getcwd")
            .map(name -> new CaseDifference(Oracle.REAL_BY_MUSL, name, "the shim answers as glibc does"))
            .toList();

    /** The cases of a program that may differ from the oracle. */
    static Set<String> permitted(Oracle oracle, String family) {
        String prefix = family + ":";
        return Stream.concat(ALL.stream(), BY_MUSL.stream())
                .filter(one -> one.oracle == oracle || (one.oracle == Oracle.REAL && oracle == Oracle.REAL_BY_MUSL))
                .filter(one -> one.name.startsWith(prefix))
                .map(one -> one.name.substring(prefix.length()))
                .collect(Collectors.toSet());
    }
}

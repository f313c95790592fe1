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
        /** The tree itself, by way of a symbolic link. */
        REAL_BY_LINK,
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
            new CaseDifference(
                    Oracle.REAL, "twins:ftw64", "by which link a folder is met first is for file systems to say"),
            new CaseDifference(Oracle.MOUNT, "twins:ftw64", "a path is looked up whole, with all of its links"),
            new CaseDifference(Oracle.REAL, "opening:io_uring", "there are no rings under the shim"),
            new CaseDifference(Oracle.MOUNT, "opening:io_uring", "there are no rings under the shim"),
            new CaseDifference(Oracle.MOUNT, "held:flock_directories", "all directories share one descriptor's inode"),
            new CaseDifference(Oracle.MOUNT, "descriptors:fsync", "EROFS has no fsync; ext4, and the shim, have one"));

    private static final List<CaseDifference> BY_LINK = all(
            Oracle.REAL_BY_LINK,
            "of the forty links of a path those before the tree are not counted",
            "links:forty",
            "opening:openat2_resolve",
            "stats:stat",
            "stats:stat64",
            "stats:statx_by_syscall",
            "walks:fts_logical");

    private static final List<CaseDifference> BY_MUSL = all(
            Oracle.REAL_BY_MUSL,
            "the shim answers as glibc does, also where this libc has no answer",
            "access:eaccess",
            "access:euidaccess",
            "descriptors:close_range",
            "links:readlink",
            "links:readlinkat",
            "programs:execlp",
            "programs:execvp",
            "programs:execvpe",
            "spawning:addclose",
            "working:getcwd",
            "working:getcwd_chk");

    private static List<CaseDifference> all(Oracle oracle, String reason, String... names) {
        return Stream.of(names)
                .map(name -> new CaseDifference(oracle, name, reason))
                .toList();
    }

    /** The cases of a program that may differ from the oracle. */
    static Set<String> permitted(Oracle oracle, String family) {
        String prefix = family + ":";
        return Stream.of(ALL, BY_LINK, BY_MUSL)
                .flatMap(List::stream)
                .filter(one -> one.oracle == oracle || (one.oracle == Oracle.REAL && oracle != Oracle.MOUNT))
                .filter(one -> one.name.startsWith(prefix))
                .map(one -> one.name.substring(prefix.length()))
                .collect(Collectors.toSet());
    }
}

package dev.velo.shim;

import java.util.List;

/**
 * Functions that reach the tree and need no wrapper.
 *
 * @param functions their names
 * @param why what makes them right without one
 * @param shownBy the test program and its case that show it: {@code program:case}
 */
record LeftAlone(String functions, String why, String shownBy) {
    static List<LeftAlone> all() {
        return List.of(
                new LeftAlone(
                        "read pread readv write sendfile copy_file_range splice fallocate posix_fallocate flock fsync",
                        "descriptors are real ones, open for reading only",
                        "descriptors:real"),
                new LeftAlone("fpathconf", "the file system of the store answers", "systems:fpathconf"),
                new LeftAlone("fdopen", "takes a descriptor as it is", "opening:fdopen"),
                new LeftAlone(
                        "dlopen dlmopen",
                        "glibc: the audit library; a wrapper would change whose RUNPATH counts. musl: not served",
                        "programs:dlopen"),
                new LeftAlone("vfork", "a wrapper would return twice from one frame", "programs:vfork"));
    }
}

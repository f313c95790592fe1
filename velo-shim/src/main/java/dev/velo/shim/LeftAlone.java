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
    private static final String REAL = "descriptors are real ones, open for reading only";

    static List<LeftAlone> all() {
        return List.of(
                new LeftAlone("read pread readv", REAL, "descriptors:pread"),
                new LeftAlone("write pwrite writev", REAL, "held:write"),
                new LeftAlone("sendfile splice", REAL, "descriptors:sendfile"),
                new LeftAlone("copy_file_range", REAL, "descriptors:copy_file_range"),
                new LeftAlone("fallocate posix_fallocate", REAL, "held:fallocate"),
                new LeftAlone("flock", REAL, "held:flock"),
                new LeftAlone("fpathconf", "the file system of the store answers", "attributes:fpathconf"),
                new LeftAlone("fdopen", "takes a descriptor as it is", "opening:fdopen"),
                new LeftAlone(
                        "dlopen",
                        "glibc: the audit library; a wrapper would change whose RUNPATH counts. musl: not served",
                        "libraries:dlopen"),
                new LeftAlone("vfork", "a wrapper would return twice from one frame", "programs:vfork"));
    }
}

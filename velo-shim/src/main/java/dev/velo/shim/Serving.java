package dev.velo.shim;

/** How a wrapped function is served where it leads into the tree; everywhere else the function behind it is called. */
sealed interface Serving {
    /**
     * By a place: the parameter {@code path}, from the directory {@code dirfd} if there is such a parameter.
     *
     * @param flags how the path is looked up, a C expression
     * @param answer a C expression of {@code place} and the parameters: 0 or more, or -errno
     */
    record AtPath(String flags, String answer) implements Serving {}

    /**
     * By what the descriptor {@code fd} stands for.
     *
     * @param answer a C expression of {@code slot} and the parameters: 0 or more, or -errno
     */
    record OnDescriptor(String answer) implements Serving {}

    /** It is another function under a second name. */
    record TwinOf(String name) implements Serving {}

    /** By code that is not generated, in this file. */
    record ByHand(String file) implements Serving {}
}

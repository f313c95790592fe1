package dev.velo.shim;

import java.util.List;
import java.util.stream.Stream;

/**
 * A function of libc that the shim stands before. The list is what wrappers, numbers and the table of {@code docs/PRELOAD.md} are
 * made from; what is not in it is not wrapped.
 *
 * @param libcs which libcs have it, with the first version where that is newer than ten years
 * @param shownBy the test program and its case that show it: {@code program:case}
 */
record Interposed(Prototype prototype, Access access, Serving serving, String libcs, String shownBy) {
    /** Functions that the wrappers call and that have none themselves. */
    static final List<String> CALLED = List.of("fdopen", "fileno");

    /** All of them, in the order of their families. */
    static List<Interposed> all() {
        return Stream.of(
                        AskingFunctions.rows(),
                        OpeningFunctions.rows(),
                        ListingFunctions.rows(),
                        ChangingFunctions.rows())
                .flatMap(List::stream)
                .toList();
    }

    String name() {
        return prototype.name();
    }
}

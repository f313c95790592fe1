package dev.velo.shim;

import java.util.ArrayList;
import java.util.List;

/** A list of wrapped functions while it is written down. */
final class Rows {
    private static final String EVERYWHERE = "glibc, musl";

    private final List<Interposed> rows = new ArrayList<>();

    Rows atPath(Access access, String prototype, String flags, String answer, String shownBy) {
        return add(access, prototype, new Serving.AtPath(flags, answer), shownBy);
    }

    Rows onDescriptor(Access access, String prototype, String answer, String shownBy) {
        return add(access, prototype, new Serving.OnDescriptor(answer), shownBy);
    }

    Rows byHand(Access access, String prototype, String file, String shownBy) {
        return add(access, prototype, new Serving.ByHand(file), shownBy);
    }

    /** A second name of the function before; if that is served by hand, so is this. */
    Rows twin(String name, String shownBy) {
        Interposed before = rows.getLast();
        Serving serving = before.serving() instanceof Serving.AtPath || before.serving() instanceof Serving.OnDescriptor
                ? new Serving.TwinOf(before.name())
                : before.serving();
        rows.add(new Interposed(before.prototype().named(name), before.access(), serving, before.libcs(), shownBy));
        return this;
    }

    /** Only these libcs have the function before. */
    Rows in(String libcs) {
        Interposed before = rows.removeLast();
        rows.add(new Interposed(before.prototype(), before.access(), before.serving(), libcs, before.shownBy()));
        return this;
    }

    private Rows add(Access access, String prototype, Serving serving, String shownBy) {
        rows.add(new Interposed(Prototype.parse(prototype), access, serving, EVERYWHERE, shownBy));
        return this;
    }

    List<Interposed> list() {
        return List.copyOf(rows);
    }
}

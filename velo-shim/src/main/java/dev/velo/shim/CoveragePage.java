package dev.velo.shim;

import java.util.List;

/** The tables of {@code docs/PRELOAD.md}, made from the lists. */
final class CoveragePage {
    private static final String END = "<!-- end -->";

    private CoveragePage() {}

    /** The page with its tables brought up to date. */
    static String update(String page, List<Interposed> wrapped, List<LeftAlone> left) {
        return replace(replace(page, "WRAPPED", wrapped(wrapped)), "LEFT", left(left));
    }

    private static String wrapped(List<Interposed> functions) {
        StringBuilder table =
                new StringBuilder("| function | libc | wants | served | shown by |\n|---|---|---|---|---|\n");
        for (Interposed function : functions) {
            table.append("| `%s` | %s | %s | %s | `%s` |\n"
                    .formatted(
                            function.name(),
                            function.libcs(),
                            function.access(),
                            served(function.serving()),
                            function.shownBy()));
        }
        return table.append("\n%d functions.\n".formatted(functions.size())).toString();
    }

    private static String served(Serving serving) {
        return switch (serving) {
            case Serving.AtPath path -> "by path";
            case Serving.OnDescriptor descriptor -> "by descriptor";
            case Serving.TwinOf twin -> "as `" + twin.name() + "`";
            case Serving.ByHand hand -> "`" + hand.file() + "`";
        };
    }

    private static String left(List<LeftAlone> functions) {
        StringBuilder table = new StringBuilder("| functions | why | shown by |\n|---|---|---|\n");
        for (LeftAlone function : functions) {
            table.append("| `%s` | %s | `%s` |\n"
                    .formatted(function.functions().replace(" ", "` `"), function.why(), function.shownBy()));
        }
        return table.toString();
    }

    private static String replace(String page, String name, String table) {
        String begin = "<!-- table: " + name + " -->\n";
        int from = page.indexOf(begin);
        int to = from < 0 ? -1 : page.indexOf(END, from);
        if (to < 0) {
            throw new IllegalStateException("the page has no place for the table " + name);
        }
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }
}

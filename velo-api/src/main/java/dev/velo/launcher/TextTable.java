package dev.velo.launcher;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Lines of cells under a line of titles, each column as wide as its widest cell; the last one ends where its text does. */
final class TextTable {
    /** On which side of its column a cell stands. */
    enum Side {
        LEFT,
        RIGHT
    }

    /** A column: what stands above it. */
    record Column(String title, Side side) {}

    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> lines = new ArrayList<>();

    TextTable(Column... columns) {
        this.columns = List.of(columns);
        lines.add(this.columns.stream().map(Column::title).toList());
    }

    static Column left(String title) {
        return new Column(title, Side.LEFT);
    }

    /** For numbers. */
    static Column right(String title) {
        return new Column(title, Side.RIGHT);
    }

    /** Adds a line; there are as many cells as columns. */
    void add(String... cells) {
        lines.add(List.of(cells));
    }

    void print(PrintWriter out) {
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - line.get(i).length());
                boolean isRight = columns.get(i).side() == Side.RIGHT;
                text.append(i == 0 ? "" : GAP)
                        .append(isRight ? padding : "")
                        .append(line.get(i))
                        .append(isRight ? "" : padding);
            }
            out.println(text.toString().stripTrailing());
        }
    }
}

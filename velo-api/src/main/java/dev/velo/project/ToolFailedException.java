package dev.velo.project;

import java.io.IOException;
import java.util.List;

/** A tool did not make a tree. */
public final class ToolFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> output;

    ToolFailedException(List<String> words, int status, List<String> output) {
        super(String.join(" ", words) + " failed with status " + status
                + (output.isEmpty() ? "" : "; the end of what it said stands above"));
        this.output = List.copyOf(output);
    }

    ToolFailedException(String message) {
        super(message);
        this.output = List.of();
    }

    /** The last lines of what the tool said, if nobody has seen them. */
    public List<String> output() {
        return output;
    }
}

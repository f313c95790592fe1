package dev.velo.process;

import java.lang.ProcessBuilder.Redirect;
import java.util.Objects;

/** Where the three streams of a process come from and go. */
public record Streams(Redirect input, Redirect output, Redirect error, Merging merging) {
    /** Pipes to this process, all three. */
    public static final Streams PIPES = new Streams(Redirect.PIPE, Redirect.PIPE, Redirect.PIPE, Merging.SEPARATE);

    /** Whether the error stream goes where the output goes. */
    public enum Merging {
        SEPARATE,
        MERGED
    }

    /** Checks the directions. */
    public Streams {
        Objects.requireNonNull(error);
        if (input.type() == Redirect.Type.WRITE || input.type() == Redirect.Type.APPEND) {
            throw new IllegalArgumentException("input cannot be read from " + input);
        }
        if (output.type() == Redirect.Type.READ || error.type() == Redirect.Type.READ) {
            throw new IllegalArgumentException("output cannot be written to a file that is opened for reading");
        }
    }

    public Streams withInput(Redirect changed) {
        return new Streams(changed, output, error, merging);
    }

    public Streams withOutput(Redirect changed) {
        return new Streams(input, changed, error, merging);
    }

    public Streams withError(Redirect changed) {
        return new Streams(input, output, changed, Merging.SEPARATE);
    }

    public Streams withErrorMerged() {
        return new Streams(input, output, error, Merging.MERGED);
    }
}

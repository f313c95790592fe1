package dev.velo.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What of a child's streams is here. Whoever has them closes them. */
public record ChildPipes(ChildInput input, ChildOutput output, ChildOutput error) implements AutoCloseable {
    /** The child has ended: nothing of it stays open here, and what it printed can still be read. */
    void ended() throws IOException {
        input.ended();
        output.ended();
        error.ended();
    }

    @Override
    public void close() {
        try {
            input.close();
            output.close();
            error.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a pipe that nobody wrote to
        }
    }
}

package dev.velo.process;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The three streams of a child. Owns its ends, and those that are here until they are taken. */
final class ChildStreams implements AutoCloseable {
    private final ChildStream input;
    private final ChildStream output;
    private final @Nullable ChildStream error;
    private @Nullable ChildPipes pipes;

    private ChildStreams(ChildStream input, ChildStream output, @Nullable ChildStream error) {
        this.input = input;
        this.output = output;
        this.error = error;
    }

    static ChildStreams open(Streams streams, LowDescriptors low) throws IOException {
        ChildStream input = ChildStream.open(ChildStream.Standard.INPUT, streams.input(), low);
        ChildStream output = null;
        ChildStream error = null;
        try {
            output = ChildStream.open(ChildStream.Standard.OUTPUT, streams.output(), low);
            if (streams.merging() == Streams.Merging.SEPARATE) {
                error = ChildStream.open(ChildStream.Standard.ERROR, streams.error(), low);
            }
            ChildStreams opened = new ChildStreams(input, output, error);
            opened.openPipes();
            return opened;
        } catch (IOException | RuntimeException e) {
            close(input);
            close(output);
            close(error);
            throw e;
        }
    }

    private void openPipes() throws IOException {
        ChildInput writing = input.writing();
        ChildOutput reading = null;
        try {
            reading = output.reading();
            pipes = new ChildPipes(writing, reading, error == null ? ChildOutput.none() : error.reading());
        } catch (IOException e) {
            writing.close();
            if (reading != null) {
                reading.close();
            }
            throw e;
        }
    }

    ChildStream input() {
        return input;
    }

    ChildStream output() {
        return output;
    }

    /** Null if it is the output. */
    @Nullable
    ChildStream error() {
        return error;
    }

    ChildPipes takePipes() {
        ChildPipes taken = pipes;
        if (taken == null) {
            throw new IllegalStateException("the streams were taken");
        }
        pipes = null;
        return taken;
    }

    @Override
    public void close() {
        close(input);
        close(output);
        close(error);
        if (pipes != null) {
            pipes.close();
        }
    }

    private static void close(@Nullable ChildStream stream) {
        if (stream != null) {
            stream.close();
        }
    }
}

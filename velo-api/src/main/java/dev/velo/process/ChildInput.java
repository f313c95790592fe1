package dev.velo.process;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What a child is told. When the child has ended the pipe is closed, and what is written after that is lost. */
final class ChildInput extends BufferedOutputStream {
    ChildInput(OutputStream pipe) {
        super(pipe);
    }

    static ChildInput none() {
        return new ChildInput(OutputStream.nullOutputStream());
    }

    /** Lets go of the pipe, which nobody reads. */
    synchronized void ended() throws IOException {
        OutputStream pipe = out;
        out = OutputStream.nullOutputStream();
        pipe.close();
    }
}

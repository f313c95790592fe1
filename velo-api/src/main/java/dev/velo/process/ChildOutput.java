package dev.velo.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a child prints. When the child has ended its pipe is closed, since many callers never do it, and what stands in it can still
 * be read from here.
 */
final class ChildOutput extends BufferedInputStream {
    ChildOutput(InputStream pipe) {
        super(pipe);
    }

    static ChildOutput none() {
        return new ChildOutput(InputStream.nullInputStream());
    }

    /** Takes in what is left; a child of the child that still writes is not waited for. */
    synchronized void ended() throws IOException {
        InputStream pipe = in;
        if (pipe == null) {
            return;
        }
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int count = pipe.available(); count > 0; count = pipe.available()) {
            rest.write(pipe.readNBytes(count));
        }
        in = new ByteArrayInputStream(rest.toByteArray());
        pipe.close();
    }
}

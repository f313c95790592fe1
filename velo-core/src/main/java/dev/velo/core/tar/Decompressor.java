package dev.velo.core.tar;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;

/**
 * What a program of the system decompresses, while it is read. A thread hands it the compressed bytes. Closing this ends the program;
 * the thread ends with it, or with what it reads from.
 */
final class Decompressor extends FilterInputStream {
    private final String file;
    private final String program;
    private final Process process;

    private Decompressor(String file, String program, Process process) {
        super(process.getInputStream());
        this.file = file;
        this.program = program;
        this.process = process;
    }

    static Decompressor start(String file, String program, InputStream compressed) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(program, "-dc")
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    file + ": is compressed by " + program + ", and that program cannot be started; install " + program
                            + ", or decompress the archive elsewhere",
                    e);
        }
        Decompressor started = new Decompressor(file, program, process);
        Thread.ofPlatform().daemon().name("velo-" + program).start(() -> started.feed(compressed));
        return started;
    }

    /** That the program stops reading is its own affair: it says why by its status. */
    private void feed(InputStream compressed) {
        try (OutputStream out = process.getOutputStream()) {
            compressed.transferTo(out);
        } catch (IOException e) {
            process.destroy();
        }
    }

    @Override
    public int read(byte[] bytes, int start, int count) throws IOException {
        int got = super.read(bytes, start, count);
        if (got < 0) {
            requireSuccess();
        }
        return got;
    }

    private void requireSuccess() throws IOException {
        try {
            if (process.waitFor() != 0) {
                throw new IOException(file + ": is damaged, or cut short: " + program + " cannot decompress it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(file + ": interrupted while " + program + " decompressed it", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        super.close();
    }
}

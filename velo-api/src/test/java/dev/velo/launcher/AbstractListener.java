package dev.velo.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A process that listens at an abstract name, which Java cannot. */
record AbstractListener(String name, Process process) implements AutoCloseable {
    private static final String PROGRAM =
            "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind('\\0' + sys.argv[1]); s.listen();"
                    + " print('ready', flush=True); time.sleep(120)";

    static AbstractListener at(String name) throws IOException {
        Process process = new ProcessBuilder("python3", "-c", PROGRAM, name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"ready".equals(line)) {
            process.destroyForcibly();
            throw new IOException("nobody listens at " + name);
        }
        return new AbstractListener(name, process);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

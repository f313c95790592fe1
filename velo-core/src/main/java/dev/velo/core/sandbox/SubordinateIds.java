package dev.velo.core.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A range of users or groups that was assigned to a user: a line {@code USER:FIRST:COUNT} of {@code /etc/subuid} or {@code /etc/subgid}.
 *
 * @param first the first of them
 * @param count how many they are
 */
record SubordinateIds(long first, long count) {
    static final Path USERS = Path.of("/etc/subuid");
    static final Path GROUPS = Path.of("/etc/subgid");

    private static final int SECONDS = 10;
    private static final int LINE_LIMIT = 200;

    /** The first range of this user in the file, by name or by number. */
    static SubordinateIds read(Path file, int uid) throws IOException {
        String name = System.getProperty("user.name", "");
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", -1);
                boolean own = fields.length == 3 && (fields[0].equals(name) || fields[0].equals(Integer.toString(uid)));
                if (own && fields[1].matches("[0-9]{1,10}") && fields[2].matches("[0-9]{1,10}")) {
                    return new SubordinateIds(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(missing(file, name), e);
        }
        throw new IOException(missing(file, name));
    }

    private static String missing(Path file, String name) {
        return file + " assigns no range to " + name + "; usermod --add-subuids and --add-subgids do, or use --ids one";
    }

    /** Has this program map the user's own number to 0, and the range from 1 on, in the namespace of a process. */
    void map(String program, int process, int own) throws IOException {
        String[] words = {program, text(process), "0", text(own), "1", "1", Long.toString(first), Long.toString(count)};
        Process running;
        try {
            running = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(program + " cannot be run; install uidmap, or use --ids one", e);
        }
        try (var output = running.getInputStream()) {
            running.getOutputStream().close();
            String said = new String(output.readNBytes(LINE_LIMIT), StandardCharsets.UTF_8).strip();
            if (!running.waitFor(SECONDS, TimeUnit.SECONDS) || running.exitValue() != 0) {
                throw new IOException("cannot map the sandbox's users: " + program + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " ran", e);
        } finally {
            running.destroyForcibly();
        }
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}

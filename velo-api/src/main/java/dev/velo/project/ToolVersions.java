package dev.velo.project;

import dev.velo.core.present.SystemLibc;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the tools of this machine. Asking one takes tens of milliseconds, so the answer is kept in the store, for as long as
 * the program is the same file. A program in a folder called {@code shims} stands for others, and is asked each time.
 */
final class ToolVersions {
    private static final byte[] FILE = PathBytes.of("tools");
    private static final int REMEMBERED = 64;
    private static final int EXECUTE = 0111;
    private static final Path SHELL = Path.of("/bin/sh");

    private final Store store;
    private final UserFacts user;
    private final Map<String, String> answers = new LinkedHashMap<>();
    private boolean loaded;

    ToolVersions(Store store, UserFacts user) {
        this.store = store;
        this.user = user;
    }

    /** Name and version of the libc that programs are linked with here, as {@code glibc 2.41}. */
    String libc() throws IOException {
        SystemLibc libc = SystemLibc.of(PathBytes.of(SHELL.toRealPath()));
        if (libc == null) {
            return "static";
        }
        String name = libc.kind().name().toLowerCase(Locale.ROOT);
        byte[] loader = PathBytes.of(Path.of(libc.loader()).toRealPath());
        return name + " " + known(loader, () -> LibcVersion.of(libc));
    }

    /** What the program says of its version, on one line. */
    String version(Ecosystem.Tool tool) throws IOException {
        byte[] program = find(tool.name());
        if (program == null) {
            throw new IOException("there is no " + tool.name()
                    + " on the PATH, which decides what a tree is like and makes it; install it");
        }
        Asking asking = () -> ask(tool, program);
        return PathBytes.show(program).contains("/shims/") ? asking.answer() : known(program, asking);
    }

    /** Where an answer comes from. */
    private interface Asking {
        String answer() throws IOException;
    }

    private byte @Nullable [] find(String name) throws ErrnoException {
        for (byte[] directory : split(user.variable("PATH"))) {
            byte[] file = PathBytes.join(directory, PathBytes.of(name));
            Statx stat = new Statx();
            try {
                FileCalls.statx(FileCalls.AT_FDCWD, file, 0, stat);
            } catch (ErrnoException e) {
                continue; // execvp(3) goes on too
            }
            if (stat.type() == Statx.S_IFREG && (stat.mode() & EXECUTE) != 0) {
                return file;
            }
        }
        return null;
    }

    private static List<byte[]> split(byte[] path) {
        List<byte[]> directories = new ArrayList<>();
        int start = 0;
        for (int end = 0; end <= path.length; end++) {
            if (end == path.length || path[end] == ':') {
                if (end > start) {
                    directories.add(Arrays.copyOfRange(path, start, end));
                }
                start = end + 1;
            }
        }
        return directories;
    }

    private String ask(Ecosystem.Tool tool, byte[] program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(PathBytes.show(program), tool.question());
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said;
        try (InputStream in = process.getInputStream()) {
            said = new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
        }
        try {
            if (process.waitFor() != 0) {
                throw new IOException(PathBytes.show(program) + " " + tool.question() + " failed: "
                        + said.strip().lines().findFirst().orElse("it said nothing"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + tool.name() + " for its version", e);
        }
        return said.strip().lines().findFirst().orElse("");
    }

    private String known(byte[] program, Asking asking) throws IOException {
        load();
        String identity = identity(program);
        String answer = answers.get(identity);
        if (answer == null) {
            answer = asking.answer();
            answers.put(identity, answer);
            save();
        }
        return answer;
    }

    /** The file behind a name, and each of its times: whoever installs another version changes one. */
    private static String identity(byte[] program) throws IOException {
        byte[] real = realPath(program);
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, real, 0, stat);
        return PathBytes.show(real) + " " + stat.inode() + " " + stat.size() + " " + stat.modificationSeconds() + "."
                + stat.modificationNanos() + " " + stat.changeSeconds() + "." + stat.changeNanos();
    }

    private static byte[] realPath(byte[] program) throws IOException {
        int fd = FileCalls.openat(FileCalls.AT_FDCWD, program, FileCalls.O_PATH, 0);
        try {
            return LinkCalls.readlinkat(FileCalls.AT_FDCWD, PathBytes.of("/proc/self/fd/" + fd));
        } finally {
            FileCalls.close(fd);
        }
    }

    private byte[] file() {
        return PathBytes.join(store.path(Store.Room.TREES), FILE);
    }

    private void load() throws IOException {
        if (loaded) {
            return;
        }
        loaded = true;
        String text = store.has(Store.Room.TREES) ? SmallFiles.text(file()) : null;
        if (text == null) {
            return;
        }
        text.lines().forEach(line -> {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                answers.put(line.substring(0, tab), line.substring(tab + 1));
            }
        });
    }

    private void save() throws IOException {
        if (store.isReadOnly()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        answers.forEach((identity, answer) -> lines.add(identity + "\t" + answer + "\n"));
        int from = Math.max(0, lines.size() - REMEMBERED);
        SmallFiles.write(file(), String.join("", lines.subList(from, lines.size())), 0600);
    }
}

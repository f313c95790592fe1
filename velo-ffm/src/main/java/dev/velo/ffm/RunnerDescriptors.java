package dev.velo.ffm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the JVM's own descriptors from a command.
 *
 * <p>HotSpot and the class library of JDK 17 to 25 leave two kinds open without close-on-exec: the run-time image
 * ({@code lib/modules}) and the archives of the class and module path; and its source of random numbers keeps {@code /dev/random}
 * and {@code /dev/urandom} open. Whatever else is inheritable was inherited, and belongs to the
 * command: {@code <(...)}, a build's job server. Files are compared, not their names.
 */
final class RunnerDescriptors {
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final List<Path> RANDOM = List.of(Path.of("/dev/random"), Path.of("/dev/urandom"));

    private RunnerDescriptors() {}

    /** Marks them close-on-exec. */
    static void keepFromCommand() throws ErrnoException {
        String[] open = new File("/proc/self/fd").list();
        if (open == null) {
            return; // without /proc the command sees two read-only files more
        }
        List<Path> own = ownFiles();
        for (String name : open) {
            int fd = Integer.parseInt(name);
            if (isInheritable(fd) && isOneOf(own, Path.of("/proc/self/fd", name))) {
                Door.call(Syscall.FCNTL, 0, fd, F_SETFD, FD_CLOEXEC, 0, 0, 0);
            }
        }
    }

    private static boolean isInheritable(int fd) {
        long flags = Door.raw(Syscall.FCNTL, fd, F_GETFD, 0, 0, 0, 0);
        return flags >= 0 && (flags & FD_CLOEXEC) == 0; // the list's own descriptor is closed by now
    }

    private static boolean isOneOf(List<Path> own, Path descriptor) {
        for (Path file : own) {
            if (isSame(file, descriptor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(Path file, Path descriptor) {
        try {
            return Files.isSameFile(file, descriptor);
        } catch (IOException missing) {
            return false; // a class path may name what is not there
        }
    }

    private static List<Path> ownFiles() {
        List<Path> own = new ArrayList<>(RANDOM);
        own.add(Path.of(System.getProperty("java.home", "/"), "lib", "modules"));
        for (String property : List.of("java.class.path", "jdk.module.path")) {
            for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                addArchives(own, entry);
            }
        }
        return own;
    }

    private static void addArchives(List<Path> own, String entry) {
        File file = new File(entry);
        File[] inside = entry.isEmpty() ? null : file.listFiles((directory, name) -> name.endsWith(".jar"));
        if (inside == null) {
            own.add(file.toPath());
            return;
        }
        for (File archive : inside) {
            own.add(archive.toPath());
        }
    }
}

package dev.velo.launcher;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who starts the launcher. A test run of root's covers both callers, anybody else's only {@link #USER}. */
enum Caller {
    ROOT,
    USER;

    /** The user that root plays. */
    static final int PLAIN_ID = 1000;

    private static final List<String> AS_PLAIN =
            List.of("setpriv", "--reuid=" + PLAIN_ID, "--regid=" + PLAIN_ID, "--clear-groups");

    static List<Caller> all() {
        if (!HostileTree.isRoot()) {
            return List.of(USER);
        }
        return Files.isExecutable(Path.of("/usr/bin/setpriv")) ? List.of(ROOT, USER) : List.of(ROOT);
    }

    /** Those whom this system permits mount namespaces. */
    static List<Caller> withNamespaces() {
        List<Caller> permitted = new ArrayList<>(all());
        permitted.removeIf(caller -> !caller.has(caller == ROOT ? "-m" : "-Um"));
        return permitted;
    }

    private boolean has(String namespaces) {
        List<String> words = new ArrayList<>(prefix());
        words.addAll(List.of("unshare", namespaces, "true"));
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The words before a command that make it this caller's. */
    List<String> prefix() {
        return this == USER && HostileTree.isRoot() ? AS_PLAIN : List.of();
    }

    /** Gives this caller a file or directory, not what is in it. */
    void own(Path path) {
        if (prefix().isEmpty()) {
            return;
        }
        try {
            Files.setAttribute(path, "unix:uid", PLAIN_ID, java.nio.file.LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", PLAIN_ID, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

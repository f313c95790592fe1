package dev.velo.core.base;

import dev.velo.core.ingest.EntryMetadata;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.tree.PathBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small system around a busybox: its commands as symbolic links, the directories that programs rely on, and the few files of
 * {@code /etc} without which names of users and of this host are not found. The same busybox always makes the same tree.
 */
public final class BusyboxTree implements TreeIntake.Source {
    private static final int PUBLIC = 0755;
    private static final int TEMPORARY = 01777;
    private static final String PROGRAM = "bin/busybox";

    private static final Map<String, Integer> DIRECTORIES = new LinkedHashMap<>();

    static {
        for (String name : List.of(
                "",
                "bin",
                "dev",
                "etc",
                "home",
                "mnt",
                "opt",
                "proc",
                "run",
                "sbin",
                "sys",
                "usr",
                "usr/bin",
                "usr/sbin",
                "var")) {
            DIRECTORIES.put(name, PUBLIC);
        }
        DIRECTORIES.put("root", 0700);
        DIRECTORIES.put("tmp", TEMPORARY);
        DIRECTORIES.put("var/tmp", TEMPORARY);
    }

    private static final Map<String, String> FILES = Map.of(
            "etc/passwd",
            """
            root:x:0:0:root:/root:/bin/sh
            nobody:x:65534:65534:nobody:/nonexistent:/bin/false
            """,
            "etc/group",
            """
            root:x:0:
            nogroup:x:65534:
            """,
            "etc/hosts",
            """
            127.0.0.1 localhost
            ::1 localhost ip6-localhost ip6-loopback
            """,
            // glibc, also the one inside a static busybox, would ask services that are not there
            "etc/nsswitch.conf",
            """
            passwd: files
            group: files
            hosts: files dns
            """);

    private final Busybox busybox;

    /** Around this busybox, which must stay open until the tree is described. */
    public BusyboxTree(Busybox busybox) {
        this.busybox = busybox;
    }

    @Override
    public void describe(TreeIntake tree) throws IOException {
        for (Map.Entry<String, Integer> directory : DIRECTORIES.entrySet()) {
            tree.directory(PathBytes.of(directory.getKey()), EntryMetadata.timeless(directory.getValue()));
        }
        for (String path : FILES.keySet().stream().sorted().toList()) {
            file(tree, path, 0644, PathBytes.of(FILES.getOrDefault(path, "")));
        }
        file(tree, PROGRAM, PUBLIC, busybox.bytes());
        for (String command : busybox.commands()) {
            tree.symlink(PathBytes.of(command), EntryMetadata.timeless(PUBLIC), PathBytes.of(target(command)));
        }
    }

    private static void file(TreeIntake tree, String path, int permissions, byte[] contents) throws IOException {
        tree.file(
                PathBytes.of(path),
                EntryMetadata.timeless(permissions),
                new ByteArrayInputStream(contents),
                contents.length);
    }

    /** A relative link works wherever the tree is shown. */
    private static String target(String command) {
        int depth = (int) command.chars().filter(c -> c == '/').count();
        return command.startsWith("bin/") ? "busybox" : "../".repeat(depth) + PROGRAM;
    }
}

package dev.velo.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A caller's folder for one test.
 *
 * <pre>
 * folder/
 * ├── store/         VELO_STORE
 * ├── tree.velo      what {@link #ingested} makes
 * └── tree/
 *     ├── greeting   "hello\n"
 *     ├── empty
 *     ├── link       -> greeting
 *     ├── tool       a script, executable
 *     └── sub/
 *         └── deep   "deep\n", mode 0640
 * </pre>
 */
record Workplace(Caller caller, Path folder) {
    /** In a temporary directory, which becomes the caller's. */
    static Workplace make(Caller caller, Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        caller.own(folder);
        Workplace made = new Workplace(caller, folder);
        made.directory("tree");
        made.directory("tree/sub");
        made.file("tree/greeting", "hello\n");
        made.file("tree/empty", "");
        Files.setPosixFilePermissions(
                made.file("tree/sub/deep", "deep\n"), PosixFilePermissions.fromString("rw-r-----"));
        Files.setPosixFilePermissions(
                made.file("tree/tool", "#!/bin/sh\necho \"tool $*\"\n"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path link = Files.createSymbolicLink(made.tree().resolve("link"), Path.of("greeting"));
        caller.own(link);
        return made;
    }

    /** The same, with the tree ingested. */
    static Workplace ingested(Caller caller, Path folder) throws IOException, InterruptedException {
        Workplace made = make(caller, folder);
        made.velo("ingest", "tree", "-q").run().succeeded();
        return made;
    }

    /** The same for root, who can mount trees here; where that is not so, the test is skipped with the reason. */
    static Workplace mounting(Path folder) throws IOException, InterruptedException {
        assumeTrue(HostileTree.isRoot(), "mounting takes root");
        Workplace made = ingested(Caller.all().getFirst(), folder);
        Outcome mounted =
                made.velo("run", "--mode", "mount", "tree.velo", "--", "true").run();
        assumeTrue(mounted.status() == 0, mounted.complaint());
        return made;
    }

    Path tree() {
        return folder.resolve("tree");
    }

    Path store() {
        return folder.resolve("store");
    }

    Path manifest() {
        return folder.resolve("tree.velo");
    }

    Path directory(String name) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        caller.own(made);
        return made;
    }

    Path file(String name, String text) throws IOException {
        Path made = Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
        caller.own(made);
        return made;
    }

    /** The launcher, started in the folder. */
    Launch velo(String... arguments) {
        return Launch.velo(caller, folder, arguments).with("VELO_STORE", store().toString());
    }

    /** {@code velo run tree.velo -- sh -c SCRIPT}. */
    Launch inTree(String script) {
        return velo("run", "tree.velo", "--", "sh", "-c", script);
    }

    /** A shell script in which {@code "$@"} is the launcher. */
    Launch shell(String script) {
        return Launch.shell(caller, folder, script).with("VELO_STORE", store().toString());
    }

    /** What stands in a directory. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    /** What is wrong with the store; nothing if all is right. */
    List<String> problems() throws IOException {
        try (Store opened = Store.openExisting(store().toString().getBytes(StandardCharsets.UTF_8))) {
            return Verification.ofStore(opened, VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO))
                    .problems();
        }
    }

    /** Size, mode and time of modification of every file and directory of the store's rooms that hold contents. */
    Map<String, String> contents() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String room : List.of("packs", "objects")) {
            try (Stream<Path> all = Files.walk(store().resolve(room))) {
                for (Path path : (Iterable<Path>) all::iterator) {
                    Map<String, Object> facts = Files.readAttributes(
                            path, "unix:size,mode,uid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                    found.put(path.toString(), new TreeMap<>(facts).toString());
                }
            }
        }
        return found;
    }
}

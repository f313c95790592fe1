package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The store is as it was after a run in which every way of changing a file was tried on every file: contents, modes, owners, times,
 * attributes and numbers of links. Files of a farm are the store's own, and belong to the caller whom the program is.
 */
@Execution(ExecutionMode.CONCURRENT)
final class SandboxStoreAttackTest {
    private static final List<String> KEPT = List.of("objects", "packs", "farms", "images", "handed");

    @TempDir
    private Path temporary;

    @ForEachCaller
    void linksAreNotWrittenThrough(Caller caller) throws Exception {
        assertUnspoiled(prepared(caller), "link");
    }

    @ForEachCaller
    void mountsAreNotWrittenThrough(Caller caller) throws Exception {
        assumeTrue(caller == Caller.ROOT, "only root mounts images");
        assertUnspoiled(prepared(caller), "mount");
    }

    private static void assertUnspoiled(Attacker attacker, String mode) throws Exception {
        for (List<String> more : List.of(
                List.of("--seccomp", "on"),
                List.of("--seccomp", "off"),
                List.of("--seccomp", "off", "--writable"),
                List.of("--seccomp", "off", "--upper", "kept"),
                List.of("--seccomp", "off", "--trust"))) {
            List<String> options = Attacker.words(List.of("--base", "layer.velo", "--mode", mode), more);
            // what is made for the first run is there
            attacker.inside(options, "spoil /nowhere").run();
            Map<String, String> before = facts(attacker.place().store());
            Attacker.refused(attacker.inside(options, "spoil /attack /tree /bin /etc /root /home"));
            assertThat(facts(attacker.place().store())).as("after %s", options).isEqualTo(before);
        }
        assertThat(attacker.place().problems()).isEmpty();
    }

    /** What is tried does change files that are shown as they are: in no sandbox, and in one that was given the store itself. */
    @ForEachCaller
    void withoutProtectionTheyAre(Caller caller) throws Exception {
        Attacker attacker = prepared(caller);
        Path store = attacker.place().store();
        attacker.inside(List.of("--base", "layer.velo", "--mode", "link"), "spoil /nowhere")
                .run();
        Map<String, String> before = facts(store);

        if (caller == Caller.USER) {
            attacker.inside(List.of("--bind", store + ":/store"), "spoil /store/objects")
                    .run();
        } else {
            attacker.outside("spoil " + store.resolve("farms")).run();
        }

        assertThat(facts(store)).isNotEqualTo(before);
    }

    /** The tree has files that are one by content, with every permission, and one that somebody else's program may write to. */
    private Attacker prepared(Caller caller) throws Exception {
        Attacker attacker = Attacker.in(caller, temporary);
        Workplace place = attacker.place();
        place.directory("layer");
        place.directory("layer/tree");
        for (int mode : new int[] {0400, 0444, 0644, 0666, 0777}) {
            Path file = place.file(
                    "layer/tree/" + Integer.toOctalString(mode), "contents of more than a page ".repeat(300));
            Files.setAttribute(file, "unix:mode", mode);
        }
        Path link = place.folder().resolve("layer/tree/hard");
        Files.createLink(link, place.folder().resolve("layer/tree/777"));
        place.directory("layer/tree/deep");
        place.file("layer/tree/deep/file", "deep");
        Files.setPosixFilePermissions(
                place.folder().resolve("layer/tree/deep"), PosixFilePermissions.fromString("rwxrwxrwx"));
        attacker.ingest("layer");
        return attacker;
    }

    /** What there is to say of every file of the store's that holds contents, or is shown. */
    private static Map<String, String> facts(Path store) throws IOException {
        Map<String, String> facts = new TreeMap<>();
        for (String room : KEPT) {
            if (!Files.isDirectory(store.resolve(room))) {
                continue;
            }
            List<Path> paths = new ArrayList<>();
            try (Stream<Path> all = Files.walk(store.resolve(room))) {
                all.forEach(paths::add);
            }
            for (Path path : paths) {
                Map<String, Object> attributes = Files.readAttributes(
                        path, "unix:mode,uid,gid,size,nlink,ino,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                String content = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        ? digest(path)
                                + Files.getFileAttributeView(path, UserDefinedFileAttributeView.class)
                                        .list()
                        : "";
                facts.put(store.relativize(path).toString(), new TreeMap<>(attributes) + content);
            }
        }
        assertThat(facts).hasSizeGreaterThan(10);
        return facts;
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

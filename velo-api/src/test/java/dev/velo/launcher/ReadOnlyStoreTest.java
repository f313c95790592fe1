package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a plain user can do with root's store that is opened to others, and anybody with a store on a file system that is mounted
 * read-only: everything that reads, and nothing is changed in it.
 *
 * <pre>
 * folder/         root's
 * ├── store/      chmod -R a+rX
 * ├── tree.velo
 * ├── tree/
 * └── home/       the user's
 * </pre>
 */
@Execution(ExecutionMode.CONCURRENT)
final class ReadOnlyStoreTest {
    private static final Path AT = Path.of("/nowhere/velo");

    @TempDir
    private Path temporary;

    private Workplace root;
    private Workplace user;
    private Path home;

    @BeforeEach
    void openRootsStore() throws Exception {
        assumeTrue(HostileTree.isRoot() && Caller.all().contains(Caller.USER), "takes root, and setpriv");
        root = Workplace.make(Caller.ROOT, temporary);
        user = new Workplace(Caller.USER, temporary);
        Files.copy(Path.of("/bin/cat").toRealPath(), root.tree().resolve("sub/cat"));
        Files.setPosixFilePermissions(root.tree().resolve("sub/deep"), PosixFilePermissions.fromString("rw-r--r--"));
        root.velo("ingest", "tree", "-q").run().succeeded();
        home = root.directory("home");
        Caller.USER.own(home);
        open("chmod -R a+rX store");
    }

    private void open(String script) throws Exception {
        Launch.program(Caller.ROOT, temporary, "sh", "-ec", "chmod a+r tree.velo; " + script)
                .run()
                .succeeded();
    }

    private Launch velo(String... words) {
        return user.velo(words).with("HOME", home.toString());
    }

    private Launch run(String... command) {
        return velo(Stream.concat(
                        Stream.of("run", "--mode", "preload", "--at", AT.toString(), "tree.velo", "--"),
                        Stream.of(command))
                .toArray(String[]::new));
    }

    /** Everything that the kernel knows of every file of the store, but for when it was read. */
    private Map<String, String> storeContents() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root.store())) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Map<String, Object> facts = Files.readAttributes(
                        path, "unix:ino,size,mode,uid,gid,nlink,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
                found.put(path.toString(), new TreeMap<>(facts).toString());
            }
        }
        return found;
    }

    /** What was made for the store in the user's home, by its name there. */
    private List<String> annex() throws IOException {
        Path stores = home.resolve(".cache/velo/stores");
        if (!Files.exists(stores)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(stores)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> stores.relativize(file))
                    .map(file -> file.subpath(1, file.getNameCount()).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void programsSeeTheTreeAndTheStoreStaysAsItWas() throws Exception {
        Map<String, String> before = storeContents();
        // owners are who looks, and file systems differ in what they say of directories
        String list =
                "LC_ALL=C ls -lR --time-style=full-iso | awk '/^total/ {next} /^d/ {$2=$5=\"\"} NF>8 {$3=$4=\"\"} {print}'";
        String real = root.shell("cd tree; " + list).run().succeeded().text();

        assertThat(run("sh", "-c", list).run().succeeded().text())
                .isEqualTo(real)
                .contains("link -> greeting");
        assertThat(run("cat", "greeting", "sub/deep", "link").run().succeeded().text())
                .isEqualTo("hello\ndeep\nhello\n");
        assertThat(run("./tool", "a b").run().succeeded().text()).isEqualTo("tool a b\n");
        assertThat(run("sub/cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");
        assertThat(run("sh", "-c", "cd sub && env -i ./cat ../greeting && ../tool x; echo y >new")
                        .run()
                        .text())
                .isEqualTo("hello\ntool x\n");
        assertThat(storeContents()).isEqualTo(before);
        assertThat(annex()).anyMatch(file -> file.matches("images/[0-9a-f]{64}-1000-1000"));
        assertThat(Files.getPosixFilePermissions(home.resolve(".cache/velo/stores")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void autoComesToTheShimAndTellsWhy() throws Exception {
        Outcome outcome = velo("run", "-v", "--mode", "auto", "tree.velo", "--", "cat", "greeting")
                .run()
                .ended(0);

        assertThat(outcome.text()).isEqualTo("hello\n");
        assertThat(outcome.complaint())
                .contains("velo: not by mount: ", "velo: not by link: the store " + root.store() + " belongs to root")
                .contains("velo: by preload");
    }

    @Test
    void whatTheStoreHasIsUsed() throws Exception {
        root.velo("run", "--mode", "preload", "--at", AT.toString(), "tree.velo", "--", "sub/cat", "greeting")
                .run()
                .succeeded();
        open("chmod -R a+rX store");
        run("sub/cat", "greeting").run().succeeded();
        assertThat(annex()).hasSize(2).allMatch(file -> file.matches("images/.*-1000-1000(\\.lock)?"));

        open("cp " + home + "/.cache/velo/stores/*/images/*-1000 store/images; chmod a+r store/images/*; rm -r " + home
                + "/.cache/velo/stores");
        Map<String, String> before = storeContents();

        assertThat(run("sub/cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");
        assertThat(run("cat", "greeting")
                        .with("HOME", "/nonexistent")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo("hello\n");
        assertThat(annex()).isEmpty();
        assertThat(storeContents()).isEqualTo(before);
    }

    @Test
    void onlyPacksAndRootsHaveToBeOpen() throws Exception {
        root.velo("run", "--mode", "preload", "--at", AT.toString(), "tree.velo", "--", "sub/cat", "greeting")
                .run()
                .succeeded();
        open("chmod -R go= store; cd store; chmod a+rx . packs roots; chmod a+r FORMAT lock packs/* roots/*");

        assertThat(run("sub/cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");
        assertThat(velo("verify", "--contents").run().succeeded().text()).contains("all right");
    }

    @Test
    void aStoreOfTheFirstVersionIsReadAsItIs() throws Exception {
        Path format = root.store().resolve("FORMAT");
        open("rm store/roots/*.velo; tree=$(sha256sum <tree.velo | cut -c1-64); cp tree.velo store/roots/$tree.velo");
        Files.writeString(format, "velo-store 1 sha-256 512\n");

        assertThat(run("sub/cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");
        assertThat(velo("verify", "--contents").run().succeeded().text()).contains("all right");
        assertThat(format).hasContent("velo-store 1 sha-256 512\n");
    }

    @Test
    void librariesThatSomebodyElsePutThereAreNotLoaded() throws Exception {
        root.velo("run", "--mode", "preload", "--at", AT.toString(), "tree.velo", "--", "true")
                .run()
                .succeeded();
        open("chmod -R a+rX store; chown -R 4321 store/shim/*/");

        run("cat", "greeting").run().succeeded();

        assertThat(annex()).anyMatch(file -> file.matches("shim/[0-9a-f]{16}/libvelo.so"));
    }

    @Test
    void nothingIsAdded() throws Exception {
        Map<String, String> before = storeContents();
        String[] parts = {"the store " + root.store() + " belongs to root", "it can be read, but nothing can be added"};
        Files.createDirectory(home.resolve("mine"));
        Caller.USER.own(home.resolve("mine"));

        velo("ingest", "home/mine", "-o", "home/mine.velo").run().failed(1, parts);
        velo("run", "home/mine", "--", "true").run().failed(125, parts);
        velo("run", "--mode", "link", "tree.velo", "--", "true").run().failed(125, parts);
        velo("run", "--mode", "copy", "tree.velo", "--", "true").run().failed(125, parts);
        velo("pack", "--forget", "tree.velo").run().failed(1, parts);
        velo("gc").run().failed(1, parts);
        velo("gc", "--delete", "--yes").run().failed(1, parts);
        velo("repack").run().failed(1, parts);
        velo("root", "remove", "tree.velo").run().failed(1, parts);
        velo("checkout", "tree.velo", "home/linked").run().failed(1, "--copy");
        assertThat(home.resolve("linked")).doesNotExist();

        velo("checkout", "-q", "--copy", "tree.velo", "home/copied").run().succeeded();
        assertThat(home.resolve("copied/greeting")).hasContent("hello");
        assertThat(storeContents()).isEqualTo(before);
    }

    @Test
    void whatReadsWorks() throws Exception {
        Map<String, String> before = storeContents();

        assertThat(velo("ls", "tree.velo").run().succeeded().lines()).contains("greeting", "sub");
        assertThat(velo("cat", "tree.velo", "greeting").run().succeeded().text())
                .isEqualTo("hello\n");
        assertThat(velo("stat", "tree.velo", "greeting").run().succeeded().text())
                .contains("size: 6");
        assertThat(velo("verify", "--contents").run().succeeded().text()).contains("all right");
        assertThat(velo("verify", "--contents", "tree.velo").run().succeeded().text())
                .contains("all right");
        assertThat(velo("status").run().succeeded().text()).contains("1 trees");
        assertThat(velo("doctor").run().succeeded().text())
                .contains("ok   store      the store " + root.store() + " belongs to root; it can be read")
                .contains("no   link ")
                .contains("ok   preload ");
        assertThat(storeContents()).isEqualTo(before);
    }

    @Test
    void withoutAPlaceOfOnesOwnOneSentenceTells() throws Exception {
        run("true")
                .with("HOME", "/nonexistent")
                .run()
                .failed(125, "/nonexistent/.cache/velo/stores/", "XDG_CACHE_HOME");
        run("true").with("HOME", "").run().failed(125, "there is no $HOME", "XDG_CACHE_HOME");
        Path shared = root.directory("shared");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createDirectory(shared.resolve("velo"));
        Files.setPosixFilePermissions(shared.resolve("velo"), PosixFilePermissions.fromString("rwxrwxrwx"));
        run("true").with("XDG_CACHE_HOME", shared.toString()).run().failed(125, "can be changed by others");

        run("true")
                .with("XDG_CACHE_HOME", home.resolve("cache").toString())
                .run()
                .succeeded();
        assertThat(home.resolve("cache/velo/stores")).isDirectory();
    }

    @Test
    void aStoreThatTookThePlaceOfAnotherIsNotTakenForIt() throws Exception {
        run("true").run().succeeded();
        open("mv store old; cp -r old store; chmod -R a+rX store");

        assertThat(run("cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");

        assertThat(Workplace.names(home.resolve(".cache/velo/stores"))).hasSize(2);
    }

    @Test
    void anImageWhosePacksHaveGoneIsMadeAnew() throws Exception {
        run("true").run().succeeded();
        open("rm store/packs/*; touch -r tree stamp; echo more >tree/more");
        root.velo("ingest", "tree", "-q", "--rehash").run().succeeded();
        open("rm tree/more; touch -r stamp tree");
        root.velo("ingest", "tree", "-q", "--rehash").run().succeeded();
        open("chmod -R a+rX store");

        assertThat(run("cat", "greeting").run().succeeded().text()).isEqualTo("hello\n");

        assertThat(annex().stream().filter(file -> file.endsWith("-1000-1000"))).hasSize(1);
    }

    @Test
    void aReadOnlyFileSystemIsNoDifferent() throws Exception {
        Map<String, String> before = storeContents();
        Path shown = root.directory("shown");
        String script = "set -e; mount --bind store shown; mount -o remount,ro,bind shown; ";
        assumeTrue(unshared(script + "true").run().status() == 0, "mounts cannot be had");
        String at = " --store " + shown + " ";

        Outcome outcome = unshared(
                        script + "\"$@\" run -v --mode auto" + at + "tree.velo -- sh -c 'sub/cat greeting; ./tool a'")
                .run()
                .ended(0);

        assertThat(outcome.text()).isEqualTo("hello\ntool a\n");
        assertThat(outcome.complaint())
                .contains("velo: not by mount: ", "mounted read-only", "velo: not by link: ", "velo: by preload");
        unshared(script + "\"$@\" ingest" + at + "tree")
                .run()
                .failed(1, "the store " + shown + " belongs to root", "mounted read-only", "nothing can be added");
        assertThat(unshared(script + "\"$@\" verify --contents" + at)
                        .run()
                        .succeeded()
                        .text())
                .contains("all right");
        assertThat(storeContents()).isEqualTo(before);
    }

    /** Root's shell in a mount namespace of its own, in which {@code "$@"} is the launcher. */
    private Launch unshared(String script) {
        return root.shell("exec unshare -m bash -c '" + script.replace("'", "'\\''") + "' bash \"$@\"")
                .with("HOME", temporary.resolve("roots-home").toString());
    }

    @Test
    void whatAsksForTheSystemsLibrariesIsStartedWithoutTheShim() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/sbin/ldconfig")), "ldconfig is not installed");

        assertThat(run("/sbin/ldconfig", "-p").run().succeeded().text()).contains("libc.so.6");
    }
}

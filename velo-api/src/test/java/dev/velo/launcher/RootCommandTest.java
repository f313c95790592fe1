package dev.velo.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo root}, and trees that are ingested without one. */
@Execution(ExecutionMode.CONCURRENT)
final class RootCommandTest {
    @TempDir
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Workplace place;

    @BeforeEach
    void makeWorkplace() throws Exception {
        place = Workplace.ingested(Caller.USER, temporary);
    }

    @Test
    void registeredManifestsAreListedByPathWithWhatBecameOfTheirFiles() throws Exception {
        place.velo("ingest", "tree", "-q", "-o", "b.velo").run().succeeded();
        place.velo("ingest", "tree", "-q", "-o", "a.velo", "--trust").run().succeeded();
        Files.delete(temporary.resolve("b.velo"));
        Files.delete(temporary.resolve("a.velo"));
        place.file("a.velo", "another thing");

        List<String> lines = place.velo("root", "list").run().succeeded().lines();
        assertThat(lines.get(0)).matches("state +trust +tree +manifest +origin");
        assertThat(lines.subList(1, lines.size()))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("changed +trusted +[0-9a-f]{64} +" + temporary + "/a.velo +" + place.tree()),
                        line -> assertThat(line)
                                .matches("stale +untrusted +[0-9a-f]{64} +" + temporary + "/b.velo +" + place.tree()),
                        line -> assertThat(line)
                                .matches("ok +untrusted +[0-9a-f]{64} +" + place.manifest() + " +" + place.tree()));
        assertThat(roots().getLast())
                .containsEntry("manifest", place.manifest().toString())
                .containsEntry("origin", place.tree().toString())
                .containsEntry("trust", "untrusted")
                .containsEntry("state", "ok");
    }

    @Test
    void aManifestFromElsewhereIsRegisteredAndStaysWhole() throws Exception {
        Files.createDirectory(temporary.resolve("mail"));
        Files.copy(place.manifest(), temporary.resolve("mail/copy.velo"));

        assertThat(place.velo("root", "add", "mail/copy.velo").run().succeeded().text())
                .matches(temporary + "/mail/copy.velo: registered; tree [0-9a-f]{64}\n");

        assertThat(roots().getFirst())
                .containsEntry("manifest", temporary + "/mail/copy.velo")
                .containsEntry("origin", "")
                .containsEntry("trust", "untrusted");
    }

    @Test
    void aManifestWhoseBlobsAreElsewhereIsRefusedInOneSentence() throws Exception {
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo", "--store", "other")
                .run()
                .succeeded();

        place.velo("root", "add", "tree.velo", "--store", "other")
                .run()
                .failed(1, place.manifest().toString(), "2 of its 3 blobs", "greeting", temporary + "/other", "ingest");
        place.velo("root", "add", "tree/greeting").run().failed(1, "tree/greeting");
        place.velo("root", "add", "nowhere.velo").run().failed(1, "nowhere.velo", "No such file");
        place.velo("root", "add", "tree.velo", "--store", "none").run().failed(1, "no Velo store");
        assertThat(temporary.resolve("none")).doesNotExist();
    }

    @Test
    void aRegistrationThatIsKilledLeavesAWholeStore() throws Exception {
        place.velo("ingest", "tree/sub", "-q", "--no-root").run().succeeded();
        Victim victim = new Victim(place, "root", "add", "-q", "sub.velo");
        // the first one finds no copy of the manifest, which all others wait for the disk to have
        victim.changingCalls();
        int calls = victim.changingCalls();

        for (int call = 1; call <= calls; call++) {
            place.velo("root", "remove", "-q", "sub.velo").run();
            victim.killBefore(call);
            assertThat(place.problems()).as("killed before call %s", call).isEmpty();
            assertThat(roots()).hasSizeBetween(1, 2);
        }
        place.velo("root", "add", "-q", "sub.velo").run().succeeded();
        assertThat(roots().getFirst()).containsEntry("manifest", temporary + "/sub.velo");
    }

    @Test
    void aRegistrationIsTakenBackByPathAlsoWhenTheFileIsGone() throws Exception {
        Files.delete(place.manifest());

        assertThat(place.velo("root", "remove", "tree.velo").run().succeeded().text())
                .startsWith(place.manifest() + ": not registered any more; tree ");

        assertThat(roots()).isEmpty();
        assertThat(place.velo("root", "list").run().succeeded().text()).isEmpty();
    }

    @Test
    void allRegistrationsOfATreeAreTakenBackByItsDigest() throws Exception {
        place.velo("ingest", "tree", "-q", "-o", "again.velo").run().succeeded();
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        String tree = String.valueOf(roots().getLast().get("tree"));

        assertThat(place.velo("root", "remove", tree).run().succeeded().lines()).hasSize(2);

        assertThat(roots())
                .singleElement()
                .satisfies(root -> assertThat(root).containsEntry("manifest", temporary + "/sub.velo"));
    }

    @Test
    void aManifestThatHasGoneIsWrittenAgain() throws Exception {
        byte[] before = Files.readAllBytes(place.manifest());
        assertThat(place.velo("root", "restore", "tree.velo").run().succeeded().text())
                .startsWith(place.manifest() + ": is there already; tree ");
        Files.delete(place.manifest());

        assertThat(place.velo("root", "restore", "tree.velo").run().succeeded().text())
                .startsWith(place.manifest() + ": restored; tree ");

        assertThat(place.manifest()).hasBinaryContent(before);
        assertThat(roots()).singleElement().satisfies(root -> assertThat(root).containsEntry("state", "ok"));
        assertThat(place.inTree("cat greeting").run().ended(0).text()).isEqualTo("hello\n");
    }

    @Test
    void aDirectoryThatWasRunAndHasGoneCanBeMadeAgain() throws Exception {
        place.velo("root", "remove", "-q", "tree.velo").run().succeeded();
        Files.delete(place.manifest());
        place.velo("run", "tree", "--", "true").run().ended(0);
        place.shell("cp -a tree kept; rm -r tree").run().succeeded();
        String tree = String.valueOf(roots().getFirst().get("tree"));

        place.velo("root", "restore", tree).run().failed(1, temporary + "/tree was a directory", "-o", "velo checkout");
        place.velo("root", "restore", "-q", "-o", "lost.velo", tree).run().succeeded();
        place.velo("root", "restore", "-o", "lost.velo", tree)
                .run()
                .failed(1, temporary + "/lost.velo is not written", "something is there already");
        place.velo("checkout", "-q", "--copy", "lost.velo", "tree").run().succeeded();

        place.shell("diff -r kept tree").run().succeeded();
    }

    @Test
    void whatIsNotRegisteredIsAnErrorAndNothingIsRemoved() throws Exception {
        place.velo("root", "remove", "tree.velo", "other.velo")
                .run()
                .failed(1, temporary + "/other.velo is not registered", "velo root list");
        place.velo("root", "remove", "0".repeat(64)).run().failed(1, "the tree " + "0".repeat(64));
        place.velo("root", "remove").run().ended(2);
        place.velo("root").run().failed(2, "add, list, remove or restore");

        assertThat(roots()).hasSize(1);
    }

    /** Changes one byte of the registration of this manifest; returns its file. */
    static Path damageRootOf(Workplace place, String manifest) throws Exception {
        try (Stream<Path> roots = Files.list(place.store().resolve("roots"))) {
            for (Path root :
                    roots.filter(file -> file.toString().endsWith(".root")).toList()) {
                byte[] bytes = Files.readAllBytes(root);
                if (new String(bytes, ISO_8859_1).contains("/" + manifest + "\n")) {
                    bytes[20] ^= 1;
                    Files.write(root, bytes);
                    return root;
                }
            }
        }
        throw new AssertionError(manifest + " is not registered");
    }

    @Test
    void aDamagedRegistrationIsNamedAndTheOthersAreListed() throws Exception {
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        Path root = damageRootOf(place, "sub.velo");

        Outcome listed = place.velo("root", "list").run().failed(1, root.toString(), "velo verify --repair");
        assertThat(listed.lines())
                .hasSize(2)
                .last()
                .asString()
                .contains(place.manifest().toString());
        Map<String, Object> json =
                JsonText.object(place.velo("root", "list", "--json").run().ended(1));
        assertThat(JsonText.objects(json, "roots")).hasSize(1);
        assertThat(json.get("damaged")).asString().contains(root.toString());
        assertThat(place.velo("doctor").run().text()).contains(root.toString(), "1 manifests are registered");
    }

    @Test
    void aDamagedRegistrationHindersNobodyElse() throws Exception {
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        Path root = damageRootOf(place, "sub.velo");

        place.velo("root", "remove", "sub.velo").run().failed(1, root.toString(), "velo verify --repair");
        Files.copy(place.manifest(), temporary.resolve("copy.velo"));
        place.velo("ls", "copy.velo").run().succeeded();
        place.velo("root", "remove", "tree.velo").run().succeeded();
        place.velo("ingest", "tree/sub", "-q", "-o", "sub.velo").run().succeeded();
        assertThat(roots()).hasSize(1);
    }

    @Test
    void anIngestWithoutARootSaysThatACollectionMayTakeIt() throws Exception {
        assertThat(place.velo("ingest", "tree/sub", "--no-root")
                        .run()
                        .succeeded()
                        .text())
                .startsWith(temporary + "/sub.velo: 1 files")
                .contains("; not registered, so that a collection may take its blobs");
        assertThat(JsonText.object(place.velo("ingest", "tree/sub", "--no-root", "--json")
                        .run()
                        .succeeded()))
                .containsEntry("registered", "false");
        assertThat(JsonText.object(place.velo("ingest", "tree", "--json").run().succeeded()))
                .containsEntry("registered", "true");

        assertThat(roots()).hasSize(1);
        place.velo("checkout", "-q", "--copy", "sub.velo", "out").run().succeeded();
        assertThat(temporary.resolve("out/deep")).hasContent("deep");
        place.velo("root", "add", "-q", "sub.velo").run().succeeded();
        assertThat(roots()).hasSize(2);
    }

    @Test
    void aBaseIsMadeWithoutARootAsWell() throws Exception {
        place.velo("base", "rootfs", "--no-root", "tree", "-o", "base.velo")
                .run()
                .succeeded();

        assertThat(temporary.resolve("base.velo")).exists();
        assertThat(roots()).hasSize(1);
    }

    @Test
    void whoMayOnlyReadAStoreCanListAndNoMore() throws Exception {
        assumeTrue(HostileTree.isRoot(), "this takes two users");
        Workplace others = Workplace.ingested(Caller.ROOT, Files.createDirectory(temporary.resolve("others")));
        Launch.program(
                        Caller.ROOT,
                        temporary,
                        "chmod",
                        "-R",
                        "a+rX",
                        others.store().toString())
                .run()
                .succeeded();

        assertThat(others(others, "root", "list").succeeded().lines()).hasSize(2);
        others(others, "root", "add", "tree.velo").failed(1, "belongs to root");
        others(others, "root", "remove", "tree.velo").failed(1, "belongs to root");
    }

    private static Outcome others(Workplace others, String... words) throws Exception {
        return Launch.velo(Caller.USER, others.folder(), words)
                .with("VELO_STORE", others.store().toString())
                .run();
    }

    private List<Map<String, Object>> roots() throws Exception {
        return JsonText.objects(
                JsonText.object(place.velo("root", "list", "--json").run().succeeded()), "roots");
    }
}

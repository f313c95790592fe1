package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestText;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.Layers;
import dev.velo.ffm.AttributeCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is saved of an upper is the tree that was seen through its overlay. */
class SaveTest {
    private static final int SEEDS = RandomChanges.seeds();

    private TestStore store;

    @BeforeEach
    void makeStore() throws IOException {
        assumeTrue(HostileTree.isRoot(), "mounting overlays takes root");
        store = TestStore.createInMemory();
    }

    @AfterEach
    void deleteStore() throws IOException {
        if (store != null) {
            store.close();
        }
    }

    private Manifest tree(HostileTree.Options options) throws IOException {
        Path tree = store.directory("tree");
        HostileTree.generate(tree, options);
        store.ingest(tree);
        return store.manifest(tree);
    }

    private Manifest smallTree() throws IOException {
        Path tree = store.directory("tree");
        Files.writeString(Files.createDirectories(tree.resolve("folder")).resolve("file"), "text");
        Files.createLink(tree.resolve("again"), tree.resolve("folder/file"));
        Files.createLink(tree.resolve("third"), tree.resolve("folder/file"));
        store.ingest(tree);
        return store.manifest(tree);
    }

    private static void settle(Path directory) throws IOException {
        Files.setLastModifiedTime(directory, FileTime.fromMillis(1_600_000_000_000L));
    }

    @Test
    void randomChangesAreSavedAsTheyWereSeenAndSavedTreesCanBeChangedAgain() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Path tree = store.directory("tree" + seed);
            RandomChanges changes = new RandomChanges(tree, seed);
            changes.fill();
            store.ingest(tree);
            Manifest lower = store.manifest(tree);
            int once = seed;
            lower = savedAsSeen(lower, "once" + seed, shown -> new RandomChanges(shown, once).change(40));
            savedAsSeen(
                    lower,
                    "twice" + seed,
                    shown -> RandomChanges.withMarks(shown, -once).change(40));
        }
        assertThat(store.problems()).isEmpty();
    }

    private Manifest savedAsSeen(Manifest lower, String name, OverlaidRun.Program program) throws IOException {
        OverlaidRun run = new OverlaidRun(store, lower, name);
        Manifest seen = run.seen(program);
        Manifest saved = run.save().manifest();
        assertThat(ManifestText.of(saved)).as(name).isEqualTo(ManifestText.of(seen));
        assertThat(Layers.digest(saved)).isEqualTo(Layers.digest(seen));
        return saved;
    }

    @Test
    void anUnchangedTreeIsTheSameTree() throws IOException {
        Manifest lower = tree(HostileTree.Options.standard().withEntries(2_000).without(HostileTree.Feature.DEEP));
        OverlaidRun run = new OverlaidRun(store, lower, "run");
        run.run(shown -> {});
        SavedTree saved = run.save();
        assertThat(ManifestText.of(saved.manifest())).isEqualTo(ManifestText.of(lower));
        assertThat(saved.report().tree()).isEqualTo(Layers.digest(lower));
        assertThat(saved.report().filesRead()).isZero();
        assertThat(saved.report().files()).isPositive();
    }

    @Test
    void aSavedTreeIsRegisteredWithItsPlaceAndTrust() throws IOException {
        OverlaidRun run = new OverlaidRun(store, smallTree(), "run");
        run.run(shown -> Files.writeString(shown.resolve("new"), "new"));
        byte[] file = TestStore.bytes(store.folder().resolve("saved.velo"));
        SavedTree saved = Save.run(
                store.store(),
                OverlayUpper.of(TestStore.bytes(run.upper())),
                List.of(store.manifest(store.folder().resolve("tree"))),
                file,
                PathBytes.of("/place"),
                IngestOptions.defaults(),
                new IngestListener() {});
        Root root = Objects.requireNonNull(new Roots(store.store()).find(file));
        assertThat(root.tree()).isEqualTo(saved.report().tree());
        assertThat(root.origin()).isEqualTo(PathBytes.of("/place"));
        assertThat(root.trust()).isEqualTo(Root.Trust.UNTRUSTED);
        assertThat(saved.report().filesRead()).isOne();
        assertThat(saved.report().newBlobs()).isOne();
        assertThat(saved.manifest().hasOwner(0)).as("the lower tree has owners").isTrue();
        assertThat(store.problems(saved.manifest())).isEmpty();
    }

    @Test
    void aNameThatIsWrittenToLeavesItsHardLinks() throws IOException {
        OverlaidRun run = new OverlaidRun(store, smallTree(), "run");
        Manifest seen = run.seen(shown -> Files.writeString(shown.resolve("again"), "other text"));
        Manifest saved = run.save().manifest();
        assertThat(ManifestText.of(saved)).isEqualTo(ManifestText.of(seen));
        int again = saved.find(PathBytes.of("again"));
        int inFolder = saved.find(PathBytes.of("folder/file"));
        assertThat(saved.size(again)).isEqualTo(10);
        assertThat(saved.primary(inFolder)).isEqualTo(saved.find(PathBytes.of("third")));
    }

    @Test
    void rulesForIngestingAreNoRulesForSaving() throws IOException {
        OverlaidRun run = new OverlaidRun(store, smallTree(), "run");
        run.run(shown -> {
            Files.writeString(shown.resolve(IgnoreRules.FILE), "*.o\nthird\n");
            Files.writeString(shown.resolve("main.o"), "object");
            Files.writeString(shown.resolve("third"), "changed");
        });
        Manifest saved = run.save().manifest();
        assertThat(saved.find(PathBytes.of("main.o"))).isPositive();
        assertThat(saved.size(saved.find(PathBytes.of("third")))).isEqualTo(7);
    }

    @Test
    void whatWasMadeToBeMountedOverIsNoPartOfTheTree() throws IOException {
        Manifest lower = smallTree();
        OverlaidRun run = new OverlaidRun(store, lower, "run");
        run.run(shown -> {
            Files.createDirectories(shown.resolve("proc"));
            Files.createDirectories(shown.resolve("dev/pts"));
            Files.createFile(shown.resolve("dev/null"));
            Files.createDirectory(shown.resolve("used"));
            Files.writeString(shown.resolve("used/file"), "kept");
            settle(shown.resolve("folder"));
        });
        OverlayUpper upper = new OverlayUpper(
                TestStore.bytes(run.upper()),
                List.of(
                        PathBytes.of("/proc"),
                        PathBytes.of("/dev"),
                        PathBytes.of("dev/pts"),
                        PathBytes.of("dev/null"),
                        PathBytes.of("used"),
                        PathBytes.of("folder"),
                        PathBytes.of("missing")),
                IdMap.IDENTITY,
                IdMap.IDENTITY,
                OverlayUpper.Care.KEPT);
        Manifest saved = run.save(upper).manifest();
        assertThat(saved.find(PathBytes.of("proc"))).isNegative();
        assertThat(saved.find(PathBytes.of("dev"))).isNegative();
        assertThat(saved.find(PathBytes.of("used/file"))).isPositive();
        assertThat(saved.find(PathBytes.of("folder/file"))).isPositive();
    }

    @Test
    void idsAreThoseThatTheProgramSaw() throws IOException {
        OverlaidRun run = new OverlaidRun(store, smallTree(), "run");
        run.run(shown -> {
            Files.writeString(shown.resolve("own"), "own");
            own(shown, 100_000, 200_000);
            own(shown.resolve("own"), 100_007, 200_009);
            acl(shown.resolve("own"), 100_003);
        });
        IdMap users = new IdMap(List.of(new IdMap.Range(5, 50, 1), new IdMap.Range(0, 100_000, 100)));
        IdMap groups = new IdMap(List.of(new IdMap.Range(0, 200_000, 100)));
        Manifest saved = run.save(new OverlayUpper(
                        TestStore.bytes(run.upper()), List.of(), users, groups, OverlayUpper.Care.KEPT))
                .manifest();
        int own = saved.find(PathBytes.of("own"));
        assertThat(saved.uid(own)).isEqualTo(7);
        assertThat(saved.gid(own)).isEqualTo(9);
        assertThat(saved.uid(0)).isZero();
        assertThat(saved.attributes(own))
                .singleElement()
                .satisfies(list -> assertThat(list.value()[16])
                        .as("the user in the access list")
                        .isEqualTo((byte) 3));
        assertThatThrownBy(() -> run.save(new OverlayUpper(
                        TestStore.bytes(run.upper()),
                        List.of(),
                        new IdMap(List.of(new IdMap.Range(0, 100_000, 7))),
                        groups,
                        OverlayUpper.Care.KEPT)))
                .isInstanceOf(IngestException.class)
                .hasMessageContaining("run-upper/own: belongs to user 100007");
    }

    private static void own(Path path, int uid, int gid) throws IOException {
        Files.setAttribute(path, "unix:uid", uid);
        Files.setAttribute(path, "unix:gid", gid);
    }

    /** u::rw- u:ID:r-- g::r-- m::r-- o::--- */
    private static void acl(Path path, int id) throws IOException {
        byte[] list = new byte[4 + 5 * 8];
        list[0] = 2;
        int[][] entries = {{1, 6, -1}, {2, 4, id}, {4, 4, -1}, {16, 4, -1}, {32, 0, -1}};
        for (int i = 0; i < entries.length; i++) {
            list[4 + 8 * i] = (byte) entries[i][0];
            list[6 + 8 * i] = (byte) entries[i][1];
            for (int shift = 0; shift < 4; shift++) {
                list[8 + 8 * i + shift] = (byte) (entries[i][2] >>> (8 * shift));
            }
        }
        AttributeCalls.lsetxattr(TestStore.bytes(path), PathBytes.of("system.posix_acl_access"), list);
    }

    @Test
    void whatIsClosedToItsOwnerIsSavedOfAnUpperThatIsNotKept() throws Exception {
        try (TestStore own = Unprivileged.store()) {
            Path upper = Unprivileged.run(() -> {
                Path tree = own.directory("tree");
                Files.writeString(tree.resolve("file"), "lower");
                own.ingest(tree);
                Path made = own.directory("upper");
                Files.writeString(Files.createDirectory(made.resolve("closed")).resolve("inside"), "closed");
                close(made.resolve("closed/inside"));
                close(made.resolve("closed"));
                acl(Files.createFile(made.resolve("listed")), 7);
                Files.setPosixFilePermissions(made.resolve("listed"), PosixFilePermissions.fromString("---r-----"));
                close(made);
                return made;
            });
            assertThatThrownBy(() -> Unprivileged.run(() -> savedPlainly(own, upper, OverlayUpper.Care.KEPT)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("upper: Permission denied")
                    .hasMessageContaining("chmod u+rX");
            assertThat(Files.getPosixFilePermissions(upper)).isEmpty();
            Manifest saved = Unprivileged.run(() -> savedPlainly(own, upper, OverlayUpper.Care.DISPOSABLE));
            assertThat(saved.permissions(0)).isZero();
            assertThat(saved.permissions(saved.find(PathBytes.of("closed")))).isZero();
            int inside = saved.find(PathBytes.of("closed/inside"));
            assertThat(saved.permissions(inside)).isZero();
            assertThat(saved.size(inside)).isEqualTo(6);
            int listed = saved.find(PathBytes.of("listed"));
            assertThat(saved.permissions(listed)).isEqualTo(0040);
            assertThat(saved.attributes(listed).get(0).value()[6])
                    .as("the owner in the access list")
                    .isZero();
            assertThat(own.problems(saved)).isEmpty();
        }
    }

    private static void close(Path path) throws IOException {
        Files.setPosixFilePermissions(path, Set.of());
    }

    private static Manifest savedPlainly(TestStore own, Path upper, OverlayUpper.Care care) throws IOException {
        return Save.run(
                        own.store(),
                        new OverlayUpper(TestStore.bytes(upper), List.of(), IdMap.IDENTITY, IdMap.IDENTITY, care),
                        List.of(own.manifest(own.folder().resolve("tree"))),
                        TestStore.bytes(own.folder().resolve("saved.velo")),
                        new byte[0],
                        TestStore.options(),
                        new IngestListener() {})
                .manifest();
    }

    @Test
    void aPartOfAnUpperIsNotSaved() throws IOException {
        Manifest lower = smallTree();
        IngestOptions skipping = TestStore.options().withChoices(Set.of(IngestOptions.Choice.SKIP_UNREADABLE));
        assertThatThrownBy(() -> Save.run(
                        store.store(),
                        OverlayUpper.of(TestStore.bytes(store.folder())),
                        List.of(lower),
                        TestStore.bytes(store.folder().resolve("saved.velo")),
                        new byte[0],
                        skipping,
                        new IngestListener() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole");
    }

    @Test
    void whatOnlyAnOverlayCanFollowIsRefused() throws IOException {
        for (String mark : List.of("redirect", "metacopy", "nlink")) {
            Path upper = Files.createDirectories(store.folder().resolve("upper-" + mark));
            Path marked = Files.createFile(upper.resolve("marked"));
            AttributeCalls.lsetxattr(
                    TestStore.bytes(marked), PathBytes.of("user.overlay." + mark), PathBytes.of("value"));
            Manifest lower = store.manifest(ingested(mark));
            assertThatThrownBy(() -> Save.run(
                            store.store(),
                            OverlayUpper.of(TestStore.bytes(upper)),
                            List.of(lower),
                            TestStore.bytes(store.folder().resolve("saved.velo")),
                            new byte[0],
                            TestStore.options(),
                            new IngestListener() {}))
                    .isInstanceOf(IngestException.class)
                    .hasMessageContaining("upper-" + mark + "/marked: ")
                    .hasMessageContaining("redirect_dir=off");
            assertThat(store.folder().resolve("saved.velo")).doesNotExist();
        }
    }

    private Path ingested(String name) throws IOException {
        Path tree = store.directory(name);
        Files.writeString(tree.resolve(name), name);
        store.ingest(tree);
        return tree;
    }

    @Test
    void aLowerTreeThatTheStoreHasLostIsRefused() throws IOException {
        OverlaidRun run = new OverlaidRun(store, smallTree(), "run");
        run.run(shown -> {});
        for (Path pack : store.files(Store.Room.PACKS)) {
            Files.delete(pack);
        }
        assertThatThrownBy(run::save).hasMessageContaining("run-saved.velo").hasMessageContaining("blob");
        assertThat(store.folder().resolve("run-saved.velo")).doesNotExist();
    }
}

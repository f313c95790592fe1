package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.velo.core.tree.LocalPath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores: opened and made, trees taken in and listed, verified, closed. */
final class VeloStoreTest {
    @TempDir
    private Path folder;

    private Path tree(String name) throws IOException {
        Path tree = Files.createDirectory(folder.resolve(name));
        SmallTree.fill(tree);
        return tree;
    }

    private VeloStore store() throws IOException {
        return VeloStore.open(folder.resolve("store"));
    }

    @Test
    void aMissingDirectoryBecomesAStoreForItsOwnerAlone() throws Exception {
        try (VeloStore store = VeloStore.open(folder.resolve("a/b/store"))) {
            assertThat(store.path()).isEqualTo(folder.resolve("a/b/store"));
            assertThat(store.manifests()).isEmpty();
            assertThat(store.verify().isSound()).isTrue();
        }
        assertThat(Files.getAttribute(folder.resolve("a/b/store"), "unix:mode")).isEqualTo(0040700);
    }

    @Test
    void aFolderOfSomethingElseIsNoStore() throws Exception {
        tree("tree");

        assertThatIOException()
                .isThrownBy(() -> VeloStore.open(folder.resolve("tree")))
                .withMessageContaining("no Velo store");
        assertThatIOException()
                .isThrownBy(() -> VeloStore.open(folder.resolve("tree/greeting")))
                .withMessageContaining("tree/greeting");
    }

    @Test
    void anIngestTellsWhatItFoundAndDid() throws Exception {
        Path tree = tree("tree");
        try (VeloStore store = store()) {
            VeloIngestReport first = store.ingest(tree, VeloIngestOptions.DEFAULT);
            VeloIngestReport second = store.ingest(tree, VeloIngestOptions.DEFAULT);

            assertThat(first.entries()).isEqualTo(7);
            assertThat(first.files()).isEqualTo(4);
            assertThat(first.bytes()).isEqualTo(Files.size(tree.resolve("tool")) + 6 + 5);
            assertThat(first.newBlobs()).isEqualTo(3);
            assertThat(first.newBytes()).isEqualTo(first.bytes());
            assertThat(first.packBytes()).isGreaterThan(first.bytes());
            assertThat(first.warnings()).isEmpty();
            assertThat(first.tree().origin()).contains(tree);
            assertThat(first.tree().manifest()).isEmpty();
            assertThat(second.newBlobs()).isZero();
            assertThat(second.tree()).isEqualTo(first.tree());
        }
    }

    @Test
    void equalTreesHaveEqualDigests() throws Exception {
        VeloIngestOptions options = VeloIngestOptions.DEFAULT.withTime(Instant.EPOCH);
        try (VeloStore store = store()) {
            String one = store.ingest(tree("one"), options).tree().digest();
            Path other = tree("other");
            assertThat(store.ingest(other, options).tree().digest()).isEqualTo(one);

            Files.writeString(other.resolve("greeting"), "bye\n");

            assertThat(store.ingest(other, options).tree().digest()).isNotEqualTo(one);
        }
    }

    @Test
    void aListenerHearsOfEveryFileAndByte() throws Exception {
        AtomicLong scanned = new AtomicLong();
        AtomicLong toRead = new AtomicLong();
        AtomicLong files = new AtomicLong();
        AtomicLong stored = new AtomicLong();
        VeloIngestOptions.Progress counting = new VeloIngestOptions.Progress() {
            @Override
            public void scanned(int entries) {
                scanned.addAndGet(entries);
            }

            @Override
            public void toRead(long moreFiles, long moreBytes) {
                toRead.addAndGet(moreFiles);
            }

            @Override
            public void read(long moreFiles, long moreBytes) {
                files.addAndGet(moreFiles);
            }

            @Override
            public void stored(long bytes) {
                stored.addAndGet(bytes);
            }
        };
        try (VeloStore store = store()) {
            VeloIngestReport report = store.ingest(tree("tree"), VeloIngestOptions.DEFAULT.withProgress(counting));

            assertThat(scanned.get()).isGreaterThanOrEqualTo(report.entries() - 1);
            assertThat(files.get()).isEqualTo(report.filesRead()).isEqualTo(toRead.get());
            assertThat(stored.get()).isEqualTo(report.newBytes());
        }
    }

    @Test
    void aListenerThatThrowsEndsTheIngestAndNothingIsRegistered() throws Exception {
        VeloIngestOptions.Progress failing = new VeloIngestOptions.Progress() {
            @Override
            public void read(long moreFiles, long moreBytes) {
                throw new UnsupportedOperationException("enough");
            }
        };
        Path tree = tree("tree");
        try (VeloStore store = store()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> store.ingest(tree, VeloIngestOptions.DEFAULT.withProgress(failing)))
                    .withCauseInstanceOf(UnsupportedOperationException.class);

            assertThat(store.manifests()).isEmpty();
            store.ingest(tree, VeloIngestOptions.DEFAULT);
            assertThat(store.manifests()).hasSize(1);
            assertThat(store.verify().problems()).isEmpty();
        }
    }

    @Test
    void optionsSayWhatIsTakenAndHow() throws Exception {
        Path tree = tree("tree");
        Instant time = Instant.parse("2020-01-01T00:00:00.5Z");
        VeloIngestOptions options = VeloIngestOptions.DEFAULT
                .withExcludes(List.of("sub", "t*"))
                .withIncludes(List.of("tool"))
                .withTime(time)
                .withChoices(Set.of(VeloIngestOptions.Choice.REHASH))
                .withDurability(VeloIngestOptions.Durability.NONE);
        try (VeloStore store = store();
                VeloView view = store.view(store.ingest(tree, options).tree())) {
            assertThat(view.list("").stream().map(VeloEntry::name))
                    .containsExactly("empty", "greeting", "link", "tool");
            assertThat(view.entry("greeting").modified().toInstant()).isEqualTo(time);
            assertThat(view.find("sub/deep")).isEmpty();
        }
    }

    @Test
    void aTreeThatIsNotThereIsNotIngested() throws Exception {
        try (VeloStore store = store()) {
            assertThatExceptionOfType(NoSuchFileException.class)
                    .isThrownBy(() -> store.ingest(folder.resolve("missing"), VeloIngestOptions.DEFAULT))
                    .withMessageContaining("missing");
            assertThatIOException()
                    .isThrownBy(() -> store.ingest(tree("tree").resolve("greeting"), VeloIngestOptions.DEFAULT))
                    .withMessageContaining("greeting");
        }
    }

    @Test
    void manifestsAreListedAndOpened() throws Exception {
        Path manifest = folder.resolve("tree.velo");
        try (VeloStore store = store()) {
            VeloTree named = store.ingest(tree("tree"), VeloIngestOptions.DEFAULT.withManifest(manifest))
                    .tree();
            VeloTree unnamed =
                    store.ingest(tree("other"), VeloIngestOptions.DEFAULT).tree();

            assertThat(named.manifest()).contains(manifest);
            assertThat(store.manifests()).containsExactlyInAnyOrder(named, unnamed);
            try (VeloView view = store.view(manifest);
                    VeloView same = store.view(named)) {
                assertThat(view.digest()).isEqualTo(same.digest()).isEqualTo(named.digest());
            }
        }
        try (VeloStore again = store()) {
            assertThat(again.manifests()).hasSize(2);
        }
    }

    @Test
    void aManifestThatSomebodySendsIsAViewToo() throws Exception {
        Path manifest = folder.resolve("tree.velo");
        try (VeloStore store = store()) {
            store.ingest(tree("tree"), VeloIngestOptions.DEFAULT.withManifest(manifest));
            Path sent = Files.copy(manifest, folder.resolve("sent.velo"));

            try (VeloView view = store.view(sent)) {
                assertThat(view.readAllBytes("greeting")).asString().isEqualTo("hello\n");
            }
        }
    }

    @Test
    void whatCannotBeOpenedIsNamed() throws Exception {
        Path garbage = Files.writeString(folder.resolve("garbage.velo"), "no manifest");
        Path manifest = folder.resolve("tree.velo");
        try (VeloStore store = store();
                VeloStore empty = VeloStore.open(folder.resolve("empty"))) {
            VeloTree tree = store.ingest(tree("tree"), VeloIngestOptions.DEFAULT.withManifest(manifest))
                    .tree();

            assertThatExceptionOfType(NoSuchFileException.class)
                    .isThrownBy(() -> store.view(folder.resolve("missing.velo")))
                    .withMessageContaining("missing.velo");
            assertThatIOException().isThrownBy(() -> store.view(garbage)).withMessageContaining("garbage.velo");
            assertThatIOException().isThrownBy(() -> empty.view(manifest)).withMessageContaining("tree.velo");
            assertThatIOException()
                    .isThrownBy(() -> empty.view(
                            new VeloTree(tree.digest(), Optional.empty(), Optional.empty(), VeloTree.Trust.UNTRUSTED)));
        }
    }

    @Test
    void layersAreOneTreeInWhichTheUpperWins() throws Exception {
        Path upper = Files.createDirectory(folder.resolve("upper"));
        Files.writeString(upper.resolve("greeting"), "bye\n");
        Files.writeString(upper.resolve("more"), "more\n");
        try (VeloStore store = store()) {
            VeloTree over = store.ingest(upper, VeloIngestOptions.DEFAULT.withManifest(folder.resolve("upper.velo")))
                    .tree();
            VeloTree under = store.ingest(
                            tree("lower"), VeloIngestOptions.DEFAULT.withManifest(folder.resolve("lower.velo")))
                    .tree();

            try (VeloView view = store.view(over, under);
                    VeloView named = store.view(folder.resolve("upper.velo"), folder.resolve("lower.velo"))) {
                assertThat(view.readAllBytes("greeting")).asString().isEqualTo("bye\n");
                assertThat(view.readAllBytes("more")).asString().isEqualTo("more\n");
                assertThat(view.readAllBytes("sub/deep")).asString().isEqualTo("deep\n");
                assertThat(view.digest()).isNotIn(over.digest(), under.digest()).isEqualTo(named.digest());
            }
        }
    }

    @Test
    void verificationFindsAByteThatWasChanged() throws Exception {
        try (VeloStore store = store()) {
            store.ingest(tree("tree"), VeloIngestOptions.DEFAULT);
            VeloVerification sound = store.verify();
            assertThat(sound.problems()).isEmpty();
            assertThat(sound.blobs()).isEqualTo(3);

            try (Stream<Path> packs = Files.list(folder.resolve("store/packs"))) {
                Path pack = packs.findFirst().orElseThrow();
                Files.setAttribute(pack, "unix:mode", 0600);
                try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
                    file.seek(512);
                    int first = file.read();
                    file.seek(512);
                    file.write(first ^ 1);
                }
            }

            assertThat(store.verify(VeloVerification.Depth.STRUCTURE).isSound()).isTrue();
            assertThat(store.verify().isSound()).isFalse();
            assertThat(store.verify().problems()).anyMatch(problem -> problem.contains(".pack"));
        }
    }

    @Test
    void namesThatAreNoTextStayWhatTheyAre() throws Exception {
        byte[] odd = {'/', 'o', (byte) 0xff, 'd'};
        byte[] base = LocalPath.bytes(folder);
        byte[] path = java.util.Arrays.copyOf(base, base.length + odd.length);
        System.arraycopy(odd, 0, path, base.length, odd.length);
        Path tree = Files.createDirectory(LocalPath.of(path));
        SmallTree.fill(tree);
        Path manifest = LocalPath.of(
                (new String(path, StandardCharsets.ISO_8859_1) + ".velo").getBytes(StandardCharsets.ISO_8859_1));
        try (VeloStore store = store()) {
            VeloTree ingested = store.ingest(tree, VeloIngestOptions.DEFAULT.withManifest(manifest))
                    .tree();

            assertThat(Files.exists(manifest)).isTrue();
            assertThat(ingested.origin()).contains(tree);
            assertThat(ingested.manifest()).contains(manifest);
            store.view(manifest).close();
        }
    }

    @Test
    void aClosedStoreSaysSo() throws Exception {
        Path tree = tree("tree");
        VeloStore store = store();
        VeloTree ingested = store.ingest(tree, VeloIngestOptions.DEFAULT).tree();
        VeloView view = store.view(ingested);
        store.close();
        store.close();

        assertThatIllegalStateException().isThrownBy(store::manifests).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(store::verify).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(() -> store.view(ingested)).withMessageContaining("is closed");
        assertThatIllegalStateException().isThrownBy(() -> store.ingest(tree, VeloIngestOptions.DEFAULT));
        assertThatIllegalStateException().isThrownBy(() -> view.command("true").start());
        assertThatIllegalStateException()
                .isThrownBy(() -> view.checkout(folder.resolve("out"), VeloCheckout.of(VeloCheckout.Mode.COPY)));
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(view.readAllBytes("greeting")).asString().isEqualTo("hello\n");
        view.close();
    }
}

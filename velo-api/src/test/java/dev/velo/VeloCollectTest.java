package dev.velo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program collects: it is told first what would go, and only what no registered tree needs goes. */
final class VeloCollectTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeTree() throws IOException {
        SmallTree.fill(Files.createDirectory(folder.resolve("tree")));
    }

    private VeloStore store() throws IOException {
        return VeloStore.open(folder.resolve("store"));
    }

    private VeloIngestOptions options() {
        return VeloIngestOptions.DEFAULT.withManifest(folder.resolve("tree.velo"));
    }

    private long packs() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("store/packs"))) {
            return all.count();
        }
    }

    @Test
    void whatARegisteredTreeNeedsStays() throws Exception {
        try (VeloStore store = store()) {
            store.ingest(folder.resolve("tree"), options());

            VeloCollectReport report = store.collect(VeloCollectOptions.DEFAULT);

            assertThat(report.isClean()).isTrue();
            assertThat(report.trees()).isEqualTo(1);
            assertThat(report.missing()).isEmpty();
            assertThat(store.verify().isSound()).isTrue();
            assertThat(packs()).isEqualTo(1);
        }
    }

    @Test
    void aPlanTellsWhatWouldGoAndChangesNothing() throws Exception {
        try (VeloStore store = store()) {
            store.ingest(folder.resolve("tree"), options());
            Files.delete(folder.resolve("tree.velo"));
            VeloCollectOptions pruning = VeloCollectOptions.DEFAULT.withStale(VeloCollectOptions.Stale.PRUNED);

            VeloCollectReport told = store.collect(pruning.withEffect(VeloCollectOptions.Effect.TELL));

            assertThat(told.staleManifests())
                    .containsExactly(folder.resolve("tree.velo").toString());
            assertThat(told.packs()).isEqualTo(1);
            assertThat(told.freedBytes()).isPositive();
            assertThat(packs()).isEqualTo(1);
            assertThat(store.collect(pruning)).isEqualTo(told);
            assertThat(packs()).isZero();
            assertThat(store.manifests()).isEmpty();
        }
    }

    @Test
    void aTreeThatIsNotRegisteredIsReadableUntilACollection() throws Exception {
        try (VeloStore store = store()) {
            VeloTree tree = store.ingest(
                            folder.resolve("tree"), options().withChoices(Set.of(VeloIngestOptions.Choice.NO_ROOT)))
                    .tree();

            assertThat(store.manifests()).isEmpty();
            try (VeloView view = store.view(folder.resolve("tree.velo"))) {
                assertThat(view.digest()).isEqualTo(tree.digest());
                store.collect(VeloCollectOptions.DEFAULT);
                // what is open stays
                assertThat(view.readAllBytes("greeting")).isNotEmpty();
            }
            assertThatIOException().isThrownBy(() -> store.view(folder.resolve("tree.velo")));
        }
    }

    @Test
    void whatIsYoungStays() throws Exception {
        try (VeloStore store = store()) {
            store.ingest(folder.resolve("tree"), options().withChoices(Set.of(VeloIngestOptions.Choice.NO_ROOT)));

            store.collect(VeloCollectOptions.DEFAULT.withMinimumAge(Duration.ofHours(1)));

            assertThat(packs()).isEqualTo(1);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VeloCollectOptions.DEFAULT.withMinimumAge(Duration.ofHours(-1)));
    }

    @Test
    void whatCanBeMadeAgainIsMadeAgain() throws Exception {
        try (VeloStore first = store();
                VeloStore second = store()) {
            first.ingest(folder.resolve("tree"), options());
            first.collect(VeloCollectOptions.DEFAULT.withScope(VeloCollectOptions.Scope.DERIVED));

            try (VeloView view = second.view(folder.resolve("tree.velo"))) {
                assertThat(view.readAllBytes("greeting")).isNotEmpty();
            }
        }
    }
}

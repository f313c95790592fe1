package dev.velo.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was written without waiting for the disk is looked at once after the machine was started again, and not before. */
class BootCheckTest {
    private static final VerifyOptions ALL = VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO);
    private static final String SETTLED = "r--------";
    private static final String UNSETTLED = "rw-------";

    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.writeString(tree.resolve("one"), "some text");
        Files.writeString(tree.resolve("two"), "other text");
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void whoWaitsWaitsForWhatOthersWrote() throws Exception {
        ingest(SyncPolicy.NONE);
        assertThat(modes()).containsOnly(UNSETTLED);
        assertThat(ingest(SyncPolicy.FULL).newBlobs()).isZero();
        assertThat(modes()).containsOnly(SETTLED);
    }

    @Test
    void inTheSameStartOfTheMachineNothingIsReadAgain() throws Exception {
        ingest(SyncPolicy.NONE);
        damagePack();
        assertThat(BootCheck.run(store.store())).isEmpty();
        assertThat(modes()).containsOnly(UNSETTLED);
    }

    @Test
    void whatIsWholeIsSettled() throws Exception {
        ingest(SyncPolicy.NONE);
        startAgain();
        assertThat(BootCheck.run(store.store())).isEmpty();
        assertThat(modes()).containsOnly(SETTLED);
    }

    @Test
    void aBlobThatWasLostIsStoredAgain() throws Exception {
        ingest(SyncPolicy.NONE);
        damagePack();
        // the bytes of no origin can be had
        Files.delete(tree.resolve("one"));
        Files.delete(tree.resolve("two"));
        startAgain();
        assertThat(BootCheck.run(store.store())).isNotEmpty();
        Files.writeString(tree.resolve("one"), "some text");
        Files.writeString(tree.resolve("two"), "other text");
        assertThat(ingest(SyncPolicy.FULL).newBlobs()).isEqualTo(1);
        assertThat(Verification.ofStore(store.store(), ALL).problems()).isEmpty();
    }

    @Test
    void aPackThatIsCutShortDoesNotStopAnIngest() throws Exception {
        ingest(SyncPolicy.NONE);
        try (RandomAccessFile file = new RandomAccessFile(pack().toFile(), "rw")) {
            file.setLength(0);
        }
        startAgain();
        IngestReport report = ingest(SyncPolicy.FULL);
        assertThat(report.warnings()).isNotEmpty();
        assertThat(Verification.ofStore(store.store(), ALL).problems()).isEmpty();
    }

    private IngestReport ingest(SyncPolicy sync) throws IOException {
        IngestOptions options = IngestOptions.defaults().withSync(sync);
        return Ingest.run(
                store.store(),
                TestStore.bytes(tree),
                TestStore.bytes(store.folder().resolve("tree.velo")),
                options,
                new IngestListener() {});
    }

    private Path pack() throws IOException {
        return store.files(Store.Room.PACKS).getFirst();
    }

    private void damagePack() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(pack().toFile(), "rw")) {
            file.seek(512);
            file.write('x');
        }
    }

    private void startAgain() throws IOException {
        Files.writeString(store.folder().resolve("store/stats/boot"), "another start\n");
    }

    /** Of packs, roots and manifests. */
    private List<String> modes() throws IOException {
        List<Path> files = new ArrayList<>(store.files(Store.Room.PACKS));
        files.addAll(store.files(Store.Room.ROOTS));
        List<String> modes = new ArrayList<>();
        for (Path file : files) {
            modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        return modes;
    }
}

package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Manifests that are registered later than they were made, or elsewhere. */
final class RegistrationTest {
    private static final IngestOptions UNREGISTERED =
            TestStore.options().withChoices(EnumSet.of(IngestOptions.Choice.NO_ROOT));

    @SuppressWarnings("NullAway.Init") // made before each test
    private TestStore store;

    @SuppressWarnings("NullAway.Init") // made before each test
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "content");
        Files.writeString(Files.createDirectory(tree.resolve("sub")).resolve("other"), "other content");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void anIngestWithoutARootWritesTheSameManifestAndRegistersNothing() throws IOException {
        Digest tree = store.ingest(this.tree, UNREGISTERED).tree();
        byte[] written = Files.readAllBytes(manifestFile());

        assertThat(Roots.digestOf(TestStore.bytes(manifestFile()))).isEqualTo(tree);
        assertThat(store.files(Store.Room.ROOTS)).isEmpty();
        assertThat(store.ingest(this.tree).tree()).isEqualTo(tree);
        assertThat(manifestFile()).hasBinaryContent(written);
        assertThat(new Roots(store.store()).all()).hasSize(1);
    }

    @Test
    void aManifestThatIsRegisteredLaterIsProtectedWithoutOriginAndTrust() throws IOException {
        Digest tree = store.ingest(this.tree, UNREGISTERED).tree();

        Root added = new Registration(store.store()).add(TestStore.bytes(manifestFile()));

        assertThat(added.tree()).isEqualTo(tree);
        assertThat(added.origin()).isEmpty();
        assertThat(added.trust()).isEqualTo(Root.Trust.UNTRUSTED);
        Roots roots = new Roots(store.store());
        assertThat(roots.find(TestStore.bytes(manifestFile()))).isNotNull();
        Files.delete(manifestFile());
        assertThat(roots.manifest(tree).entryCount()).isEqualTo(4);
    }

    @Test
    void whatIsKnownOfARegisteredManifestStays() throws IOException {
        store.ingest(tree);

        new Registration(store.store()).add(TestStore.bytes(manifestFile()));

        assertThat(new Roots(store.store()).all()).singleElement().satisfies(root -> {
            assertThat(root.origin()).isEqualTo(TestStore.bytes(tree));
            assertThat(root.trust()).isEqualTo(Root.Trust.TRUSTED);
        });
    }

    @Test
    void trustOfOneTreeDoesNotPassToAnotherAtItsPath() throws IOException {
        store.ingest(tree);
        Path stranger = store.directory("stranger");
        Files.writeString(stranger.resolve("file"), "strange");
        store.ingest(stranger, UNREGISTERED);
        Files.copy(store.manifestFile(stranger), manifestFile(), StandardCopyOption.REPLACE_EXISTING);

        Root added = new Registration(store.store()).add(TestStore.bytes(manifestFile()));

        assertThat(added.origin()).isEmpty();
        assertThat(added.trust()).isEqualTo(Root.Trust.UNTRUSTED);
    }

    @Test
    void aTreeWhoseBlobsAreElsewhereIsRefusedWithTheirNumberAndAPath() throws IOException {
        Files.writeString(tree.resolve("third"), "here too");
        try (TestStore other = TestStore.create()) {
            Path partly = other.directory("partly");
            Files.writeString(partly.resolve("third"), "here too");
            other.ingest(partly);
            store.ingest(tree);

            assertThatThrownBy(() -> new Registration(other.store()).add(TestStore.bytes(manifestFile())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(manifestFile() + " is not registered, because 2 of its 3 blobs")
                    .hasMessageContaining("that of file;");
            assertThat(new Roots(other.store()).all()).hasSize(1);
            assertThat(other.files(Store.Room.ROOTS)).hasSize(2);
        }
    }

    @Test
    @SuppressWarnings("try") // the lock is only held
    void whileACollectionSwitchesPacksNothingIsLookedUp() throws Exception {
        store.ingest(tree, UNREGISTERED);
        byte[] manifest = TestStore.bytes(manifestFile());
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Root> added;
            try (Descriptor alone = store.store().lockExclusive()) {
                added = other.submit(() -> new Registration(store.store()).add(manifest));
                assertThatThrownBy(() -> added.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
                for (Path pack : store.files(Store.Room.PACKS)) {
                    Files.delete(pack);
                }
            }
            assertThatThrownBy(() -> added.get(10, TimeUnit.SECONDS)).hasMessageContaining("2 of its 2 blobs");
        }
    }

    @Test
    void whatIsNoManifestIsRefused() throws IOException {
        Path file = Files.writeString(store.folder().resolve("no.velo"), "no manifest");

        assertThatThrownBy(() -> new Registration(store.store()).add(TestStore.bytes(file)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(file.toString());
        assertThat(store.files(Store.Room.ROOTS)).isEmpty();
    }

    @Test
    void aTreeThatWouldBeLostAtOnceIsNotIngested() {
        byte[] path = TestStore.bytes(tree);
        assertThatThrownBy(() -> Ingest.run(store.store(), path, path, UNREGISTERED, new IngestListener() {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path manifestFile() {
        return store.manifestFile(tree);
    }
}

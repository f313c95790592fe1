package dev.velo.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.Digest;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.tree.FileIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store remembers of the manifests it has written. */
class RootsTest {
    private TestStore store;
    private Path tree;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.create();
        tree = store.directory("tree");
        Files.writeString(tree.resolve("file"), "content");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void aManifestIsKnownWithItsOriginAndTrust() throws IOException {
        IngestReport report = store.ingest(tree);
        assertThat(new Roots(store.store()).find(TestStore.bytes(store.manifestFile(tree))))
                .isNotNull()
                .satisfies(root -> {
                    assertThat(root.tree()).isEqualTo(report.tree());
                    assertThat(root.origin()).isEqualTo(TestStore.bytes(tree));
                    assertThat(root.trust()).isEqualTo(Root.Trust.TRUSTED);
                    assertThat(Roots.digestOf(root.manifestPath())).isEqualTo(report.tree());
                });
    }

    @Test
    void aManifestThatWasReplacedIsAStranger() throws IOException {
        store.ingest(tree);
        Path file = store.manifestFile(tree);
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, bytes);
        assertThat(new Roots(store.store()).find(TestStore.bytes(file))).isNull();
    }

    @Test
    void aTreeStaysWholeThoughItsManifestFileIsRemoved() throws IOException {
        IngestReport report = store.ingest(tree);
        Files.delete(store.manifestFile(tree));
        Roots roots = new Roots(store.store());
        assertThat(roots.manifest(report.tree()).entryCount()).isEqualTo(2);
        assertThat(roots.keptManifest(report.tree())).isPresent();
        assertThat(roots.keptManifest(new Digest(1, 2, 3, 4))).isEmpty();
    }

    @Test
    void aSecondIngestTakesThePlaceOfTheFirst() throws IOException {
        store.ingest(tree);
        Files.writeString(tree.resolve("file"), "other content");
        IngestReport second = store.ingest(tree);
        assertThat(new Roots(store.store()).all())
                .singleElement()
                .satisfies(root -> assertThat(root.tree()).isEqualTo(second.tree()));
    }

    @Test
    void pathsOfAnyBytesAreRemembered() throws IOException {
        byte[] odd = new byte[255];
        for (int i = 0; i < odd.length; i++) {
            odd[i] = (byte) (i + 1);
        }
        FileIdentity identity = new FileIdentity(-1, Long.MIN_VALUE, Long.MAX_VALUE, -5, 0);
        Roots roots = new Roots(store.store());
        roots.register(new Root(new Digest(1, -1, 0, 9), odd, odd, Root.Trust.UNTRUSTED, identity), SyncPolicy.NONE);
        assertThat(roots.all()).singleElement().satisfies(root -> {
            assertThat(root.manifestPath()).isEqualTo(odd);
            assertThat(root.origin()).isEqualTo(odd);
            assertThat(root.identity()).isEqualTo(identity);
            assertThat(root.tree()).isEqualTo(new Digest(1, -1, 0, 9));
            assertThat(root.trust()).isEqualTo(Root.Trust.UNTRUSTED);
        });
    }
}

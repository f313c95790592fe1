package dev.velo.core.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.store.Store;
import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two trees, first/ and second/, made alike. */
class EqualTreesTest {
    private TestStore store;
    private Path first;
    private Path second;

    @BeforeEach
    void makeStore() throws IOException {
        store = TestStore.createInMemory();
        first = store.directory("first");
        second = store.directory("second");
    }

    @AfterEach
    void deleteStore() throws IOException {
        store.close();
    }

    @Test
    void equalTreesHaveByteEqualManifestsAndTheSecondTakesNoSpace() throws IOException {
        HostileTree.generate(first, HostileTree.Options.small().withEntries(3_000));
        HostileTree.generate(second, HostileTree.Options.small().withEntries(3_000));
        IngestReport before = store.ingest(first);
        long packBytes = store.packBytes();
        IngestReport after = store.ingest(second);
        assertThat(store.manifestFile(second)).hasSameBinaryContentAs(store.manifestFile(first));
        assertThat(after.tree()).isEqualTo(before.tree());
        assertThat(after.newBlobs()).isZero();
        assertThat(after.newBytes()).isZero();
        assertThat(after.filesRead()).isEqualTo(before.filesRead());
        assertThat(store.packBytes() - packBytes).isLessThanOrEqualTo(packBytes / 1000);
    }

    @Test
    void theNumberOfThreadsIsNotSeenInManifestAndPack() throws IOException {
        HostileTree.generate(first, HostileTree.Options.small().withEntries(3_000));
        IngestReport one;
        try (TestStore other = TestStore.create()) {
            IngestOptions o = TestStore.options();
            IngestOptions single = new IngestOptions(
                    o.owner(),
                    o.mtime(),
                    o.sync(),
                    o.trust(),
                    o.choices(),
                    o.excludes(),
                    o.includes(),
                    o.prefix(),
                    1,
                    o.packBytes());
            one = Ingest.run(
                    other.store(),
                    TestStore.bytes(first),
                    TestStore.bytes(other.folder().resolve("first.velo")),
                    single,
                    new IngestListener() {});
            store.ingest(first);
            Path pack = store.files(Store.Room.PACKS).get(0);
            assertThat(other.files(Store.Room.PACKS))
                    .singleElement()
                    .satisfies(theirs -> assertThat(theirs).hasSameBinaryContentAs(pack));
        }
        assertThat(one.tree()).isEqualTo(store.ingest(first).tree());
    }

    @Test
    void otherTimesMakeAnotherTreeOfTheSameBlobs() throws IOException {
        Files.writeString(first.resolve("a"), "content");
        Files.writeString(second.resolve("a"), "content");
        Files.setLastModifiedTime(first.resolve("a"), FileTime.from(Instant.EPOCH));
        IngestReport before = store.ingest(first);
        IngestReport after = store.ingest(second);
        assertThat(after.tree()).isNotEqualTo(before.tree());
        assertThat(after.newBlobs()).isZero();
        assertThat(after.packBytes()).isZero();
    }

    @Test
    void aFixedTimeMakesTreesOfDifferentTimesEqual() throws IOException {
        Files.writeString(first.resolve("a"), "content");
        Files.writeString(second.resolve("a"), "content");
        Files.setLastModifiedTime(first.resolve("a"), FileTime.from(Instant.EPOCH));
        IngestOptions o = TestStore.options();
        IngestOptions fixed = new IngestOptions(
                o.owner(),
                new MtimePolicy.Fixed(Instant.ofEpochSecond(499_162_500, 7)),
                o.sync(),
                o.trust(),
                o.choices(),
                o.excludes(),
                o.includes(),
                o.prefix(),
                o.threads(),
                o.packBytes());
        assertThat(store.ingest(second, fixed).tree())
                .isEqualTo(store.ingest(first, fixed).tree());
        assertThat(store.manifest(first).mtimeSeconds(1)).isEqualTo(499_162_500);
        assertThat(store.manifest(first).mtimeNanos(1)).isEqualTo(7);
    }

    @Test
    void ownersAreOnlyInTheManifestWhenKept() throws IOException {
        Files.writeString(first.resolve("a"), "content");
        store.ingest(first, TestStore.options().withOwner(OwnerPolicy.SQUASH));
        assertThat(store.manifest(first).hasOwner(1)).isFalse();
        store.ingest(first);
        assertThat(store.manifest(first).hasOwner(1)).isTrue();
    }
}

package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.testing.Fuzz;
import dev.velo.core.testing.TestData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A compact manifest becomes the manifest that it was made of, or is refused. */
class CompactManifestTest {
    private static final Path DIRECTORY = TestData.path("testdata/compact");
    private static final Path REJECT = DIRECTORY.resolve("reject");

    private static byte[] expanded(byte[] compact) throws FormatException {
        try (Arena arena = Arena.ofConfined()) {
            return CompactManifestReader.expand("test.velo", MemorySegment.ofArray(compact), arena)
                    .toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Written in chunks of so many bytes. */
    private static byte[] compact(byte[] manifest, int chunk) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Arena arena = Arena.ofConfined();
                CompactManifestWriter writer =
                        new CompactManifestWriter(bytes -> out.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE)))) {
            MemorySegment whole = arena.allocateFrom(ValueLayout.JAVA_BYTE, manifest);
            for (int at = 0; at < manifest.length; at += chunk) {
                writer.accept(whole.asSlice(at, Math.min(chunk, manifest.length - at)));
            }
            byte[] header = writer.finish().toArray(ValueLayout.JAVA_BYTE);
            byte[] all = out.toByteArray();
            System.arraycopy(header, 0, all, 0, header.length);
            assertThat(writer.isShorter()).isEqualTo(all.length < manifest.length);
            return all;
        }
    }

    @Test
    void theGoldenBytesAreThoseOfThePage() throws IOException {
        byte[] manifest = ManifestFixture.everything();
        Path file = DIRECTORY.resolve("stored.compact");
        TestData.check(file, new CompactManifestParts(manifest).toBytes());
        assertThat(expanded(Files.readAllBytes(file))).isEqualTo(manifest);
    }

    @Test
    void whatAnotherProgramHasDeflatedIsRead() throws IOException {
        assertThat(expanded(Files.readAllBytes(DIRECTORY.resolve("deflated.compact"))))
                .isEqualTo(ManifestFixture.everything());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 63, 64, 65, 100, 1 << 20})
    void theManifestComesBackHoweverItCame(int chunk) throws IOException {
        for (byte[] manifest : List.of(ManifestFixture.everything(), ManifestFixture.smallest(), withoutBlobs())) {
            assertThat(expanded(compact(manifest, chunk))).isEqualTo(manifest);
        }
    }

    private static byte[] withoutBlobs() {
        return ManifestFixture.root(EntryKind.DIRECTORY, 2, EntryKind.FIFO, EntryKind.DIRECTORY);
    }

    /** The header and columns of what is written are those that the page tells, by a reader of few lines. */
    @Test
    void whatIsWrittenIsWhatThePageTells() throws Exception {
        byte[] manifest = ManifestFixture.everything();
        byte[] compact = compact(manifest, 1000);
        assertThat(new String(compact, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("VELOCOMP");
        assertThat(Arrays.copyOfRange(compact, 32, 96)).isEqualTo(Arrays.copyOf(manifest, 64));
        assertThat(CompactManifestParts.sealed(compact.clone())).isEqualTo(compact);
        int entryBytes = (int) ManifestParts.little(compact).getLong(24);
        byte[] columns = new byte[11 * 40];
        Inflater inflater = new Inflater(true);
        inflater.setInput(compact, 96, entryBytes);
        assertThat(inflater.inflate(columns)).isEqualTo(columns.length);
        inflater.end();
        assertThat(columns).isEqualTo(CompactManifestParts.columns(Arrays.copyOfRange(manifest, 64, 64 + 440)));
    }

    /** More entries than a block has, with blobs that several files share. */
    @Test
    void manyEntriesComeBackAndTakeLessRoom() throws IOException {
        byte[] manifest = large(CompactManifestFormat.BLOCK_ENTRIES * 2 + 5);
        byte[] compact = compact(manifest, 1 << 18);
        assertThat(expanded(compact)).isEqualTo(manifest);
        assertThat(compact.length).isLessThan(manifest.length * 6 / 10);
    }

    /** Two blocks, and no entry more. */
    @Test
    void blocksMayBeFull() throws IOException {
        byte[] manifest = large(CompactManifestFormat.BLOCK_ENTRIES * 2);
        assertThat(expanded(compact(manifest, 1 << 18))).isEqualTo(manifest);
    }

    static byte[] large(int entries) {
        ManifestBuilder builder = new ManifestBuilder(entries);
        builder.entry(EntryKind.DIRECTORY, new byte[0], 0, 0, 0755);
        builder.children(entries - 1);
        for (int i = 1; i < entries; i++) {
            byte[] name = String.format("file-%08d", i).getBytes(StandardCharsets.US_ASCII);
            EntryKind kind = i % 11 == 0 ? EntryKind.SYMLINK : EntryKind.FILE;
            builder.entry(kind, name, 0, name.length, 0644);
            builder.mtime(1_600_000_000L + i, i);
            if (kind == EntryKind.SYMLINK) {
                builder.target(name);
            } else if (i % 7 == 0) {
                builder.emptyFile();
            } else {
                int blob = i % 5 == 0 ? i / 2 : i;
                Digest digest = ManifestFixture.digest("blob " + blob);
                builder.blob(digest.word0(), digest.word1(), digest.word2(), digest.word3(), 1000 + blob);
            }
        }
        return ManifestFixture.write(builder);
    }

    @Test
    void theDigestsStandWhereTheHeaderSays() throws IOException {
        byte[] manifest = ManifestFixture.everything();
        byte[] compact = compact(manifest, 1000);
        byte[] digests = new ManifestParts(manifest).digests();
        int at = (int) CompactManifestFormat.digests(MemorySegment.ofArray(compact), 2);
        assertThat(Arrays.copyOfRange(compact, at, at + digests.length)).isEqualTo(digests);
        assertThat(CompactManifestFormat.digests(MemorySegment.ofArray(compact), 3))
                .isEqualTo(-1);
        assertThat(CompactManifestFormat.digests(MemorySegment.ofArray(manifest), 2))
                .isEqualTo(-1);
    }

    @Test
    void whereAManifestIsExpectedACompactOneIsRefusedInASentence() throws IOException {
        byte[] compact = compact(ManifestFixture.everything(), 1000);
        assertThatThrownBy(() -> ManifestFixture.read(compact))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.BAD_MAGIC))
                .hasMessageContaining("a compact manifest, which only the store that keeps it reads");
    }

    static List<Defect> defects() {
        return CompactManifestDefects.all();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void isRefusedForItsReason(Defect defect) throws IOException {
        Path file = REJECT.resolve(defect.name() + ".compact");
        TestData.check(file, defect.bytes());
        assertThatThrownBy(() -> expanded(Files.readAllBytes(file)))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(defect.reason()))
                .hasMessageStartingWith("test.velo: ")
                .hasMessageContaining(defect.detail());
    }

    @Test
    void theTableOfReasonsIsComplete() throws IOException {
        String table = defects().stream()
                .map(defect -> defect.name() + ".compact\t" + defect.reason() + "\n")
                .sorted()
                .collect(Collectors.joining());
        TestData.check(REJECT.resolve("reasons.tsv"), table);
        try (Stream<Path> files = Files.list(REJECT)) {
            assertThat(files.filter(file -> file.toString().endsWith(".compact")))
                    .hasSize(defects().size());
        }
    }

    @Test
    void everyFlippedBitIsNoticed() throws IOException {
        byte[] whole = compact(ManifestFixture.everything(), 1000);
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> expanded(damaged)).as("bit %d", bit).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        byte[] whole = compact(ManifestFixture.everything(), 1000);
        for (int length = 0; length < whole.length; length++) {
            byte[] damaged = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> expanded(damaged))
                    .as("length %d", length)
                    .isInstanceOfSatisfying(
                            FormatException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.TRUNCATED));
        }
    }

    @Test
    void whateverComesIsExpandedOrRefused() throws IOException {
        Fuzz.of("compact")
                .withFiles("testdata/compact", ".compact")
                .withFiles("testdata/compact/reject", ".compact")
                .with(compact(ManifestFixture.everything(), 1000), compact(large(3000), 1 << 18))
                .run(input -> ManifestFixture.read(expanded(lengthened(input))));
    }

    /** With the length and the checksum put right, so that what stands behind them is reached. */
    private static byte[] lengthened(byte[] input) {
        if (input.length >= 96) {
            ManifestParts.little(input).putLong(16, input.length);
        }
        return CompactManifestParts.sealed(input);
    }
}

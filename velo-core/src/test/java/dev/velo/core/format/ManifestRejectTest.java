package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every check of the reader has a file that it alone refuses; {@code reasons.tsv} tells other readers what to expect. */
class ManifestRejectTest {
    private static final Path DIRECTORY = TestData.path("testdata/manifest/reject");

    static List<Defect> defects() {
        return Stream.concat(ManifestHeaderDefects.all().stream(), ManifestEntryDefects.all().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void isRefusedForItsReason(Defect defect) throws IOException {
        Path file = DIRECTORY.resolve(defect.name() + ".velo");
        TestData.check(file, defect.bytes());
        assertThatThrownBy(() -> ManifestFixture.read(Files.readAllBytes(file)))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(defect.reason()))
                .hasMessageStartingWith("test.velo: ")
                .hasMessageContaining(defect.detail());
    }

    @Test
    void theTableOfReasonsIsComplete() throws IOException {
        String table = defects().stream()
                .map(defect -> defect.name() + ".velo\t" + defect.reason() + "\n")
                .sorted()
                .collect(Collectors.joining());
        TestData.check(DIRECTORY.resolve("reasons.tsv"), table);
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.filter(file -> file.toString().endsWith(".velo")))
                    .hasSize(defects().size());
        }
    }
}

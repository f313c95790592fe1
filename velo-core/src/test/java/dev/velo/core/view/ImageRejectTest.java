package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.core.format.FormatException;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.TestData;
import dev.velo.core.view.ImageDefect.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every check of an image has a file that is the golden one but for one defect; {@code reasons.tsv} tells other readers what to
 * expect: file, reason, offset, and which check refuses it.
 */
class ImageRejectTest {
    private static final Path DIRECTORY = TestData.path("testdata/image/reject");

    static List<ImageDefect> defects() throws IOException {
        try (TestStore store = ImageFixture.store()) {
            byte[] sound = ImageFixture.bind(store, ImageFixture.manifest());
            Path file = Files.write(store.folder().resolve("image"), sound);
            try (Image image = Image.open(TestStore.bytes(file))) {
                return ImageDefects.all(sound, image);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void isRefusedForItsReason(ImageDefect defect) throws IOException {
        Path file = DIRECTORY.resolve(defect.file());
        TestData.check(file, defect.bytes());
        assertThatThrownBy(() -> check(file, defect.found())).isInstanceOfSatisfying(FormatException.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(defect.reason());
            assertThat(refusal.offset()).isEqualTo(defect.offset());
            assertThat(refusal.file()).isEqualTo(file.toString());
        });
    }

    private static void check(Path file, Found found) throws IOException {
        if (found == Found.OPENED) {
            Image.open(TestStore.bytes(file)).close();
            return;
        }
        try (Image image = Image.open(TestStore.bytes(file))) {
            image.verify();
        }
    }

    @Test
    void theTableOfReasonsIsComplete() throws IOException {
        List<ImageDefect> defects = defects();
        String table = defects.stream().map(ImageDefect::line).sorted().collect(Collectors.joining());
        TestData.check(DIRECTORY.resolve("reasons.tsv"), table);
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.filter(file -> file.toString().endsWith(".image"))).hasSize(defects.size());
        }
    }
}

package dev.velo.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.damage.StoreOfAllKinds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever byte changes of what the shim reads, nobody gets wrong bytes: {@code flip_store.c} does it, with the shim's own sources.
 * {@code -Dvelo.flip.bytes} says of how many bytes of each file, or {@code all}.
 */
class StoreFlipTest {
    private static final List<String> SOURCES = List.of(
            "image.c", "crc32c.c", "text.c", "blob.c", "sha256.c", "open.c", "place.c", "proc.c", "process.c", "fds.c");

    @TempDir
    private Path temporary;

    @Test
    void noChangedByteIsServed() throws Exception {
        SanitizedProgram program = SanitizedProgram.build(temporary, "address,undefined", "flip_store", SOURCES);
        String asked = System.getProperty("velo.flip.bytes", "300");
        Path scratch = Files.createDirectory(temporary.resolve("room"));
        try (StoreOfAllKinds store = new StoreOfAllKinds()) {
            SanitizedProgram.Outcome outcome = program.run(
                            store.folder().toString(),
                            store.image().toString(),
                            store.trees().getFirst().toString(),
                            asked.equals("all") ? "0" : asked,
                            scratch.toString())
                    .succeeded();
            assertThat(outcome.text())
                    .containsPattern("image: [0-9]{3,} changes, ")
                    .containsPattern("loose inodes: [0-9]{3,} changes, 0 files refused")
                    .containsPattern("packs: [0-9]{3,} changes, [0-9]{2,} files refused");
        }
    }
}

package dev.velo.core.verify;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Whatever stands in {@code stats/verify}, it is read or is as good as none. */
class VerifiedPacksFuzzTest {
    private static final String SEED = """
            velo-verify 1
            begun 1795246650
            pack 75a2cd7520707764ffd66308b79da2f92541a5868eafcf9dc9f90b8c54a3f6e0 1795246650 1648788 1795246650266066832
            """;

    @Test
    void anyTextWithARightChecksum() throws IOException {
        try (TestStore store = TestStore.createInMemory()) {
            Path file = store.room(Store.Room.STATS).resolve("verify");
            Fuzz.of("verified").with(SEED).run(input -> {
                CRC32C crc = new CRC32C();
                crc.update(input);
                String text =
                        new String(input, StandardCharsets.ISO_8859_1) + String.format("crc32c %08x\n", crc.getValue());
                Files.writeString(file, text, StandardCharsets.ISO_8859_1);
                VerifiedPacks.read(store.store()).begin(null, List.of());
            });
        }
    }
}

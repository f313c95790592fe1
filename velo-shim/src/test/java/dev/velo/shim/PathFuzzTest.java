package dev.velo.shim;

import dev.velo.core.testing.TestData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * libFuzzer makes up paths and the variables in which programs hand on their state, and the shim keeps inside of its memory; {@code
 * -Dvelo.fuzz.iterations} says how often.
 */
class PathFuzzTest {
    private static final List<String> SOURCES = List.of(
            "image.c",
            "crc32c.c",
            "text.c",
            "blob.c",
            "sha256.c",
            "open.c",
            "place.c",
            "proc.c",
            "process.c",
            "fds.c",
            "environment.c");

    /** The first byte chooses flags, the strings end in zeros. */
    private static final List<String> SEEDS = List.of(
            "\1/nowhere/tree/a/../directory/x\0VELO_SHIM_FDS=3:1,4:fffffffe,5:40000003\0VELO_SHIM_CWD=/nowhere/tree/directory\0",
            "\0/proc/self/fd/3\0/proc/self/cwd/..\0//nowhere//./tree/link/\0tree/../nowhere/alias/a\0VELO_SHIM_EXE=/nowhere/tree/a\0",
            "\4/nowhere/tree\0LD_PRELOAD=/x/libvelo.so:/y\0LD_AUDIT=/z\0/nowhere\0..\0");

    private static final int MAX_BYTES = 8192;

    @TempDir
    private Path temporary;

    @Test
    void noTextLeadsOutOfMemory() throws Exception {
        SanitizedProgram program = SanitizedProgram.build(temporary, "fuzzer,address,undefined", "fuzz_paths", SOURCES);
        Path corpus = Files.createDirectory(temporary.resolve("corpus"));
        for (int i = 0; i < SEEDS.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), SEEDS.get(i).getBytes(StandardCharsets.ISO_8859_1));
        }
        String image = TestData.path("testdata/image/everything.image").toString();
        program.fuzz("paths", corpus, Map.of("VELO_FUZZ_IMAGE", image), MAX_BYTES);
    }
}

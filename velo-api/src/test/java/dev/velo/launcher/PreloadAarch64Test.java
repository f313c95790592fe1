package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import dev.velo.launcher.CaseDifference.Oracle;
import dev.velo.shim.ShimLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The shim of the other architecture, with programs of cases under an emulator: those that start no others. */
final class PreloadAarch64Test {
    private static final String COMPILER = "aarch64-linux-gnu-gcc";
    private static final String EMULATOR = "qemu-aarch64-static";
    private static final List<String> FAMILIES = List.of("access", "links", "stats");

    @Test
    void programsSeeTheRealTree(@TempDir(cleanup = CleanupMode.NEVER) Path folder) throws Exception {
        assumeTrue(CaseLibc.has(COMPILER), COMPILER + " is not installed");
        assumeTrue(CaseLibc.has(EMULATOR), EMULATOR + " is not installed");
        try {
            Path preloaded = folder.resolve("libvelo.so");
            Path audit = folder.resolve("libvelo-audit.so");
            assumeTrue(
                    extract("libvelo-aarch64.so", preloaded) && extract("libvelo-audit-aarch64.so", audit),
                    "the shim was not built for aarch64");
            CaseTree tree = CaseTree.make(Caller.all().getFirst(), folder);
            tree.ingest();
            for (String family : FAMILIES) {
                tree.run(CasePrograms.words(COMPILER, family, folder.resolve(family)));
            }
            List<CaseOutput> real = outputs(folder, tree);
            tree.vanish();
            tree.assumeShown("preload");
            Path store = tree.place().store();
            List<CaseOutput> shown = outputs(
                    folder,
                    tree,
                    "-E",
                    "LD_PRELOAD=" + preloaded,
                    "-E",
                    "LD_AUDIT=" + audit,
                    "-E",
                    "VELO_SHIM_STORE=" + store,
                    "-E",
                    "VELO_SHIM_AT=" + tree.root(),
                    "-E",
                    "VELO_SHIM_IMAGE=" + image(store));

            for (int i = 0; i < FAMILIES.size(); i++) {
                assertThat(real.get(i)
                                .differences(shown.get(i), CaseDifference.permitted(Oracle.REAL, FAMILIES.get(i))))
                        .as(FAMILIES.get(i))
                        .isEmpty();
            }
        } finally {
            HostileTree.deleteTree(folder);
        }
    }

    private static List<CaseOutput> outputs(Path folder, CaseTree tree, String... options) throws Exception {
        Stream.Builder<CaseOutput> outputs = Stream.builder();
        for (String family : FAMILIES) {
            List<String> words = Stream.of(
                            Stream.of(EMULATOR, "-L", "/usr/aarch64-linux-gnu"),
                            Stream.of(options),
                            Stream.of(
                                    folder.resolve(family).toString(),
                                    tree.root().toString()))
                    .flatMap(part -> part)
                    .toList();
            Outcome outcome = Launch.program(tree.place().caller(), folder, words.toArray(new String[0]))
                    .run()
                    .ended(0);
            outputs.add(CaseOutput.of(outcome.bytes()));
        }
        return outputs.build().toList();
    }

    private static Path image(Path store) throws IOException {
        try (Stream<Path> images = Files.list(store.resolve("images"))) {
            return images.filter(image -> !image.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean extract(String resource, Path target) throws IOException {
        try (InputStream library = ShimLibraries.class.getResourceAsStream(resource)) {
            if (library == null) {
                return false;
            }
            Files.copy(library, target);
            return true;
        }
    }
}

package dev.velo.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine code that is checked in is what its sources say, and works on both architectures. */
class NativeCodeTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"stub-x86_64.bin", "stub-aarch64.bin", "runner-x86_64", "runner-aarch64"})
    void sourcesCompileToTheCheckedInBytes(String artefact) throws Exception {
        String architecture = artefact.contains("x86_64") ? "x86_64" : "aarch64";
        assumeSameTools(architecture);
        build(architecture);
        assertThat(Files.readAllBytes(directory.resolve(artefact))).isEqualTo(resource(artefact));
    }

    @Test
    void theStubHasNoDataAndNothingToRelocate() throws Exception {
        assumeSameTools("x86_64");
        Path tree = Files.createDirectory(directory.resolve("c"));
        try (var sources = Files.list(NativeTools.SOURCES)) {
            for (Path source : sources.toList()) {
                Files.copy(source, tree.resolve(source.getFileName()));
            }
        }
        Path stub = tree.resolve("stub.c");
        Files.writeString(stub, Files.readString(stub) + "\nint counter = 1;\nint *where = &counter;\n");
        NativeTools.Outcome outcome = NativeTools.run(
                "env", "VELO_ARCHITECTURES=x86_64", tree.resolve("build.sh").toString(), directory.toString());
        assertThat(outcome.status()).isNotZero();
        assertThat(outcome.output()).contains("the stub must have no data");
    }

    @Test
    void theStubOfThisMachineWorksOutsideOfTheJvm() throws Exception {
        String architecture = Architecture.current().resourceName();
        assumeTrue(NativeTools.run("uname", "-m").output().strip().equals(architecture), "emulated");
        NativeTools.assumeTool("gcc");
        assertThat(NativeTools.run(harness("gcc"), stub(architecture)))
                .isEqualTo(new NativeTools.Outcome(0, "raw\nchild\nstatus 3\n"));
    }

    @Test
    void theStubOfAarch64WorksUnderAnEmulator() throws Exception {
        NativeTools.assumeTool("aarch64-linux-gnu-gcc");
        NativeTools.assumeTool("qemu-aarch64-static");
        assertThat(NativeTools.run("qemu-aarch64-static", harness("aarch64-linux-gnu-gcc"), stub("aarch64")))
                .isEqualTo(new NativeTools.Outcome(0, "raw\nchild\nstatus 3\n"));
    }

    @Test
    void theRunnerOfAarch64StartsUnderAnEmulator() throws Exception {
        NativeTools.assumeTool("qemu-aarch64-static");
        Path runner = Files.write(directory.resolve("runner"), resource("runner-aarch64"));
        assertThat(runner.toFile().setExecutable(true)).isTrue();
        NativeTools.Outcome outcome = NativeTools.run("qemu-aarch64-static", runner.toString(), "x");
        assertThat(outcome.status()).isEqualTo(125);
        assertThat(outcome.output()).startsWith("velo: the runner's argument is no descriptor of a plan");
    }

    private static void assumeSameTools(String architecture) throws Exception {
        NativeTools.assumeTool("gcc");
        NativeTools.Outcome here = NativeTools.run(
                "env",
                "VELO_ARCHITECTURES=" + architecture,
                NativeTools.SOURCES.resolve("build.sh").toString(),
                "--tools");
        String recorded = Files.readString(NativeTools.SOURCES.resolve("compilers.txt"));
        assumeTrue(
                here.status() == 0 && recorded.contains(here.output()),
                "built by other tools than those here: " + recorded + "here: " + here.output());
    }

    private void build(String architecture) throws Exception {
        NativeTools.Outcome outcome = NativeTools.run(
                "env",
                "VELO_ARCHITECTURES=" + architecture,
                NativeTools.SOURCES.resolve("build.sh").toString(),
                directory.toString());
        assertThat(outcome).isEqualTo(new NativeTools.Outcome(0, ""));
    }

    private String harness(String compiler) throws Exception {
        Path program = directory.resolve("harness");
        NativeTools.Outcome outcome = NativeTools.run(
                compiler,
                "-static",
                "-Wno-unused-function",
                "-I",
                NativeTools.SOURCES.toString(),
                "-o",
                program.toString(),
                "src/test/c/harness.c");
        assumeTrue(!outcome.output().contains("cannot find -lc"), "no static libc for " + compiler);
        assertThat(outcome).isEqualTo(new NativeTools.Outcome(0, ""));
        return program.toString();
    }

    private String stub(String architecture) throws Exception {
        return Files.write(directory.resolve("stub"), resource("stub-" + architecture + ".bin"))
                .toString();
    }

    static byte[] resource(String name) throws Exception {
        try (InputStream in = Stub.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }
}

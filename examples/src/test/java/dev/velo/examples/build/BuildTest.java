package dev.velo.examples.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.velo.VeloStore;
import dev.velo.examples.fixture.Fixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
    @TempDir
    private Path folder;

    private VeloStore store;

    @BeforeEach
    void openStore() throws IOException {
        store = VeloStore.open(folder.resolve("store"));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void compilesOnlyWhatWasNeverCompiled(@Fixture("shop") Path shop) throws Exception {
        Path source = shop.resolve("src/shop/Shop.java");
        String before = Files.readString(source);
        assertThat(build(shop)).isEqualTo(Build.Outcome.COMPILED);
        assertThat(start(shop)).isEqualTo("3 apples cost 1.50\n");
        assertThat(build(shop)).isEqualTo(Build.Outcome.UP_TO_DATE);

        Files.writeString(source, before.replace("apples", "pears"));
        assertThat(build(shop)).isEqualTo(Build.Outcome.COMPILED);
        assertThat(start(shop)).isEqualTo("3 pears cost 1.50\n");

        Files.writeString(source, before);
        assertThat(build(shop)).isEqualTo(Build.Outcome.FROM_STORE);
        assertThat(start(shop)).isEqualTo("3 apples cost 1.50\n");
    }

    @Test
    void usesTheJarsInLib(@Fixture("shop") Path shop) throws Exception {
        build(shop);
        jar(
                shop.resolve("classes"),
                Files.createDirectories(shop.resolve("lib")).resolve("shop.jar"));
        Files.delete(shop.resolve("src/shop/Price.java"));
        assertThat(build(shop)).isEqualTo(Build.Outcome.COMPILED);
        assertThat(shop.resolve("classes/shop/Shop.class")).exists();
        assertThat(shop.resolve("classes/shop/Price.class")).doesNotExist();
    }

    @Test
    void errorsAreTheCompilersAndLeaveTheClasses(@Fixture("shop") Path shop) throws Exception {
        build(shop);
        Files.writeString(shop.resolve("src/shop/Price.java"), "class Price {");
        assertThatThrownBy(() -> build(shop))
                .isInstanceOf(CompilationFailure.class)
                .hasMessageContaining("Price.java:1");
        assertThat(start(shop)).isEqualTo("3 apples cost 1.50\n");
    }

    private Build.Outcome build(Path shop) throws IOException {
        return new Build(store, shop).run().outcome();
    }

    private static String start(Path shop) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return output(java, "-cp", shop.resolve("classes").toString(), "shop.Shop");
    }

    private static void jar(Path classes, Path file) throws Exception {
        String jar = Path.of(System.getProperty("java.home"), "bin", "jar").toString();
        output(jar, "--create", "--file", file.toString(), "-C", classes.toString(), ".");
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}

package dev.velo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.examples.fixture.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** How the extension is used, which is also its test. */
class FixtureTest {
    @RepeatedTest(3)
    void eachTestWritesToItsOwnCopy(@Fixture("shop") Path shop) throws Exception {
        Path source = shop.resolve("src/shop/Shop.java");
        assertThat(source).hasSameTextualContentAs(Path.of("shop/src/shop/Shop.java"));
        assertThat(shop.resolve("new")).doesNotExist();
        Files.writeString(source, "changed");
        Files.createDirectory(shop.resolve("new"));
        Files.delete(shop.resolve("src/shop/Price.java"));
        assertThat(source).hasContent("changed");
    }

    @Test
    void twoCopiesAreTwo(@Fixture("shop") Path one, @Fixture("shop") Path other) throws Exception {
        Files.writeString(one.resolve("mark"), "one");
        assertThat(other.resolve("mark")).doesNotExist();
        assertThat(List.of(one, other)).doesNotContain(Path.of("shop"));
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code velo verify --contents} and {@code --repair} on the command line, and killed at any moment. */
@Execution(ExecutionMode.CONCURRENT)
final class VerifyCommandTest {
    private static final int ROUNDS = 60;
    private static final String[] REPAIR = {"verify", "--contents", "--max-age", "0s", "--repair", "-q"};

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    private static Path pack(Workplace place) throws IOException {
        try (var packs = Files.list(place.store().resolve("packs"))) {
            return packs.filter(file -> file.toString().endsWith(".pack"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void damage(Path file, long at) throws IOException {
        Files.setAttribute(file, "unix:mode", 0600);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(~value);
        }
    }

    @Test
    void whatIsDamagedIsToldRepairedAndRight() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        damage(pack(place), 512);

        place.velo("verify").run().succeeded();
        Map<String, Object> told = JsonText.object(
                place.velo("verify", "--contents", "--json").run().ended(1));
        assertThat(told.get("findings"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("kind", "blob")
                .containsEntry("file", "packs/" + pack(place).getFileName())
                .containsEntry("offset", 512L)
                .containsEntry("useCount", 1L)
                .containsEntry(
                        "uses", List.of(Map.of("manifest", place.manifest().toString(), "path", "greeting")));

        Outcome repaired = place.velo("verify", "--contents", "--repair").run().ended(0);
        assertThat(repaired.complaint()).contains("greeting of " + place.manifest(), "repaired: ", "quarantine/");
        place.velo("verify", "--contents", "-q").run().succeeded();
        assertThat(place.velo("cat", "tree.velo", "greeting").run().succeeded().text())
                .isEqualTo("hello\n");
    }

    @Test
    void whatIsLostIsToldWithStatusOne() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        damage(pack(place), 512);
        place.file("tree/greeting", "other\n");

        assertThat(place.velo("verify", "--contents", "--repair").run().ended(1).complaint())
                .contains("not repaired: ", "is lost", "greeting of " + place.manifest());
        assertThat(place.velo("cat", "tree.velo", "sub/deep").run().succeeded().text())
                .isEqualTo("deep\n");
    }

    @Test
    void anAgeIsANumberWithAUnit() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.velo("verify", "--contents", "--max-age", "1w").run().succeeded();
        assertThat(place.velo("verify", "--contents", "--max-age", "1h")
                        .run()
                        .succeeded()
                        .text())
                .contains("1 packs that were whole before");
        place.velo("verify", "--contents", "--max-age", "soon").run().failed(2, "soon", "7d");
    }

    @Test
    void killedAtAnyMomentTheStoreCanBeRepaired() throws Exception {
        Workplace place = Workplace.make(Caller.all().getFirst(), temporary);
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[random.nextInt(20_000) + 1];
            random.nextBytes(bytes);
            Files.write(place.tree().resolve("file" + i), bytes);
        }
        byte[] large = new byte[3 << 20];
        random.nextBytes(large);
        Files.write(place.tree().resolve("large"), large);
        place.velo("ingest", "tree", "-q").run().succeeded();
        Path pack = pack(place);
        byte[] whole = Files.readAllBytes(pack);
        // a blob, and the index
        long[] places = {600, whole.length - 200};
        for (long at : places) {
            damage(pack, at);
        }
        Victim victim = new Victim(place, REPAIR);
        List<Integer> moments = Moments.of(victim.changingCalls(), Moments.rounds(ROUNDS));

        for (int moment : moments) {
            for (long at : places) {
                damage(pack, at);
            }
            victim.killBefore(moment);
            assertThat(pack).as("killed before call %s", moment).exists();
            place.velo(REPAIR).run().ended(0);
            assertThat(pack).as("repaired after call %s", moment).hasBinaryContent(whole);
        }
        victim.requireKilled(moments);
        place.velo("verify", "--contents", "-q").run().succeeded();
    }
}

package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the doctor says of this system, one line for each fact. */
@Execution(ExecutionMode.CONCURRENT)
final class DoctorCommandTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void everyFactIsALine(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);

        Outcome outcome = place.velo("doctor").run().succeeded();

        assertThat(outcome.lines()).allMatch(line -> line.matches("(ok  |no  |warn) [a-z]+ +.+"));
        assertThat(outcome.lines().stream().map(line -> line.split(" +", 3)[1]))
                .containsExactly(
                        "kernel",
                        "erofs",
                        "overlay",
                        "idmap",
                        "beneath",
                        "userns",
                        "privilege",
                        "store",
                        "filesystem",
                        "reflink",
                        "xattrs",
                        "tmpfile",
                        "space",
                        "inodes",
                        "clock",
                        "packs",
                        "roots",
                        "leftovers",
                        "derived",
                        "mount",
                        "link",
                        "isolate",
                        "cgroups",
                        "libc",
                        "shim",
                        "preload",
                        "audit");
        assertThat(outcome.text()).contains("ok   link ", "ok   isolate ", "ok   shim ", "ok   preload ");
        assertThat(Workplace.names(place.store().resolve("copies"))).isEmpty();
    }

    @Test
    void allOfItCanBeHadAsJson() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        List<String> lines = place.velo("doctor").run().succeeded().lines();

        Map<String, Object> told =
                JsonText.object(place.velo("doctor", "--json").run().succeeded());

        assertThat(told).containsEntry("store", place.store().toString()).containsEntry("canShow", "true");
        assertThat(JsonText.objects(told, "findings"))
                .hasSameSizeAs(lines)
                .allSatisfy(finding -> assertThat(finding).containsOnlyKeys("verdict", "name", "fact", "remedy"));
    }

    @Test
    void whatWantsLookingAtInAStoreIsWarnedOf() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        place.inTree("true").run().succeeded();
        Files.setLastModifiedTime(packOf(place), FileTime.from(Instant.now().plusSeconds(3 * 86400)));
        place.caller().own(Files.createFile(place.store().resolve("trash/left")));
        Files.delete(place.manifest());

        assertThat(place.velo("doctor").run().succeeded().text())
                .containsPattern("warn clock +1 roots and packs are from the future, such as " + packOf(place) + "; ")
                .containsPattern(
                        "warn roots +1 manifests are registered, and of 1 the file is gone or another, such as "
                                + place.manifest() + " \\(stale\\); velo root list")
                .containsPattern("warn leftovers +0 temporary files .*, 1 names in the trash; velo gc")
                .containsPattern("ok   derived +0 images, 1 farms, 3 loose files");
        place.velo("root", "remove", "-q", "tree.velo").run().succeeded();
        assertThat(place.velo("doctor").run().succeeded().text())
                .containsPattern("ok   roots +0 manifests")
                .containsPattern("warn derived .*not registered: 0 images, 1 farms; velo gc");
    }

    @Test
    void aDamagedRootIsToldAndTheRestGoesOn() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        Path root;
        try (Stream<Path> files = Files.list(place.store().resolve("roots"))) {
            root = files.filter(file -> file.toString().endsWith(".root"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(root, "no root");

        assertThat(place.velo("doctor").run().succeeded().text())
                .containsPattern("no   roots +" + root + ".*; velo verify --repair")
                .contains("ok   preload ");
    }

    @Test
    void aDamagedPackIsToldAndTheRestGoesOn() throws Exception {
        Workplace place = Workplace.ingested(Caller.USER, temporary);
        assertThat(place.velo("doctor").run().succeeded().text()).contains("ok   packs      1 packs can be opened");
        Path pack = packOf(place);
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length - 20] ^= 1;
        Files.delete(pack);
        place.caller().own(Files.write(pack, bytes));

        assertThat(place.velo("doctor").run().succeeded().text())
                .containsPattern("no   packs +" + pack + ".*; velo verify .* velo verify --repair ")
                .contains("ok   roots ");
        place.velo("status").run().failed(1, pack.toString(), "velo verify --repair");
    }

    private static Path packOf(Workplace place) throws Exception {
        try (Stream<Path> packs = Files.list(place.store().resolve("packs"))) {
            return packs.findFirst().orElseThrow();
        }
    }

    @ForEachCaller
    void aStoreThatNoLibraryCanBeNamedInIsTold(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);

        Outcome outcome = place.velo("doctor", "--store", "a b").run().succeeded();

        assertThat(outcome.lines()).anyMatch(line -> line.startsWith("no   shim ") && line.contains("space"));
    }

    @ForEachCaller
    void aShimThatDoesNotLoadIsTold(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        place.velo("doctor").run().succeeded();
        RunPreloadTest.breakShim(place);

        Outcome outcome = place.velo("doctor").run().succeeded();

        assertThat(outcome.lines())
                .anyMatch(line -> line.startsWith("no   preload    the preload shim did not take effect in sh"));
    }

    @ForEachCaller
    void whatIsInTheWayOfAMountIsTold(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        RunCopyTest.assumePossible(place);

        Outcome outcome = place.shell(RunCopyTest.forbidding(caller) + "\"$@\" doctor")
                .run()
                .succeeded();

        assertThat(outcome.lines())
                .anyMatch(line -> line.startsWith("no   mount ") && line.contains("CAP_SYS_ADMIN"))
                .anyMatch(line -> line.startsWith("no   link "))
                .anyMatch(line -> line.startsWith("ok   preload "));
    }
}

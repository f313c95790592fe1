package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The farm behind a run: made once, by one of many, and kept. */
@Execution(ExecutionMode.CONCURRENT)
final class RunFarmTest {
    /** Everything that stands in the store, with inode number, link count and both times; but those of manifests tell of the last use. */
    private static final String STORE =
            "find store ! -path 'store/roots/*.velo' -printf '%p %i %n %T@ %C@\\n' -o -printf '%p %i %n %s\\n' | sort";

    @TempDir
    private Path temporary;

    @ForEachCaller
    void theSecondRunMakesNothing(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.inTree("true").run().succeeded();
        String before = place.shell(STORE).run().succeeded().text();

        place.inTree("cat greeting").run().succeeded();

        assertThat(place.shell(STORE).run().succeeded().text()).isEqualTo(before);
    }

    @ForEachCaller
    void manyFirstRunsAtOnceMakeOneFarm(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        List<Launch.Started> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(place.inTree("cat greeting").start());
        }
        for (Launch.Started run : runs) {
            assertThat(run.await().succeeded().text()).isEqualTo("hello\n");
        }

        try (Stream<Path> farms = Files.list(place.store().resolve("farms"))) {
            assertThat(farms.filter(Files::isDirectory)).hasSize(1);
        }
        assertThat(place.problems()).isEmpty();
    }

    @ForEachCaller
    void runsAtOnceSeeTheirOwnTrees(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.file("tree/greeting", "other\n");
        place.velo("ingest", "tree", "-q", "-o", "other.velo").run().succeeded();

        Launch.Started first =
                place.inTree("echo in; read line; cat greeting").start().says("in");
        Launch.Started second = place.velo("run", "other.velo", "--", "sh", "-c", "echo in; read line; cat greeting")
                .start()
                .says("in");

        assertThat(first.answer("").await().succeeded().lines()).containsExactly("in", "hello");
        assertThat(second.answer("").await().succeeded().lines()).containsExactly("in", "other");
    }

    @ForEachCaller
    void anEditOfTheOriginalIsNotSeen(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Launch.Started run =
                place.inTree("echo in; read line; cat greeting; ls").start().says("in");
        place.file("tree/greeting", "edited\n");
        place.file("tree/added", "x");

        assertThat(run.answer("").await().succeeded().lines())
                .containsExactly("in", "hello", "empty", "greeting", "link", "sub", "tool");
    }

    @ForEachCaller
    void theTreeMayHaveGoneFromItsPlace(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Files.move(place.tree(), temporary.resolve("moved"));

        assertThat(place.inTree("cat greeting").run().succeeded().text()).isEqualTo("hello\n");
        assertThat(place.tree()).doesNotExist();
    }
}

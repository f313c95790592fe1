package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Programs that use the library, in JVMs of their own, as root and as a plain user. */
final class LibraryTest {
    private static final String PROGRAM = """
            import dev.velo.*;
            import java.io.File;
            import java.nio.file.*;

            public class Program {
                private static void say(Process process) throws Exception {
                    System.out.print(new String(process.getInputStream().readAllBytes()));
                    System.out.println("status " + process.waitFor());
                }

                public static void main(String[] arguments) throws Exception {
                    Path upper = Path.of("upper");
                    try (VeloStore store = VeloStore.open(Path.of("store"));
                            VeloView view = store.view(
                                    store.ingest(Path.of("tree"), VeloIngestOptions.DEFAULT).tree())) {
                        String write = "echo more >>greeting; cat greeting";
                        say(view.command("sh", "-c", "id -u; cat greeting sub/deep; exit 3").start());
                        say(view.command("sh", "-c", write).redirectErrorStream().start());
                        say(view.command("sh", "-c", write).writes(new VeloWrites.Discarded()).start());
                        say(view.command("sh", "-c", write).writes(new VeloWrites.Kept(upper)).start());
                        say(view.command("cat", "greeting").writes(new VeloWrites.Kept(upper)).start());
                        say(view.command("pwd").at(Path.of("made/here")).start());
                        try {
                            view.command("nothing-such").at(Path.of("made/here")).start();
                        } catch (NoSuchFileException e) {
                            System.out.println(e.getFile() + " is not there");
                        }
                        Process sleeper = view.command("sleep", "60").start();
                        sleeper.destroyForcibly();
                        System.out.println("killed " + sleeper.waitFor());
                        System.out.println(new File("made").exists());
                        System.out.println(store.verify().problems());
                    }
                }
            }
            """;

    @TempDir
    private Path temporary;

    @ForEachCaller
    void theExampleOfTheDocumentationWorks(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        String page = Files.readString(Path.of(System.getProperty("velo.root"), "docs", "API.md"));
        int begin = page.indexOf("```java\n") + "```java\n".length();
        Path source = place.file("Example.java", page.substring(begin, page.indexOf("```", begin)));

        Outcome outcome = run(caller, source, "tree", "store").succeeded();

        assertThat(outcome.lines())
                .containsExactly(
                        "4 files, 36 new bytes", "link -> greeting", "hello", "changed", "ended with 0", "hello");
    }

    @ForEachCaller
    void commandsSeeTheTreeAndWriteWhereTheyMay(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        String user =
                Launch.program(caller, temporary, "id", "-u").run().lines().getFirst();

        Outcome outcome = run(caller, place.file("Program.java", PROGRAM)).succeeded();

        assertThat(outcome.lines())
                .filteredOn(line -> !line.contains("Read-only file system"))
                .containsExactly(
                        user,
                        "hello",
                        "deep",
                        "status 3",
                        "hello",
                        "status 0",
                        "hello",
                        "more",
                        "status 0",
                        "hello",
                        "more",
                        "status 0",
                        "hello",
                        "more",
                        "status 0",
                        temporary + "/made/here",
                        "status 0",
                        "nothing-such is not there",
                        "killed 137",
                        "false",
                        "[]");
        assertThat(outcome.text()).contains("Read-only file system");
    }

    private Outcome run(Caller caller, Path source, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(Installation.program(source));
        words.addAll(List.of(arguments));
        return Launch.program(caller, temporary, words.toArray(new String[0])).run();
    }
}

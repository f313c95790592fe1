package dev.velo.examples.build;

import dev.velo.VeloCheckout;
import dev.velo.VeloIngestOptions;
import dev.velo.VeloStore;
import dev.velo.VeloView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One project and its one action. What was compiled once is kept as a tree in the store, named by the action's key. */
final class Build {
    private static final List<String> OPTIONS = List.of("-Xlint:all");

    /** How a build went. */
    enum Outcome {
        /** The classes are those of these sources already. */
        UP_TO_DATE,
        /** They were compiled once before, and are checked out. */
        FROM_STORE,
        /** The compiler ran. */
        COMPILED
    }

    /** How a build went, and how long it took. */
    record Result(Outcome outcome, Duration time) {
        String describe() {
            return outcome + " in " + time.toMillis() + " ms";
        }
    }

    private final VeloStore store;
    private final Path project;
    private final Path classes;
    private final Path state;

    Build(VeloStore store, Path project) {
        this.store = store;
        this.project = project;
        this.classes = project.resolve("classes");
        this.state = project.resolve(".build");
    }

    Result run() throws IOException {
        long start = System.nanoTime();
        Outcome outcome = outcome();
        return new Result(outcome, Duration.ofNanos(System.nanoTime() - start));
    }

    private Outcome outcome() throws IOException {
        Files.createDirectories(state);
        Path libraries = Files.createDirectories(project.resolve("lib"));
        // times do not change what is compiled, so they are left out of the trees' names
        VeloIngestOptions inputs = VeloIngestOptions.DEFAULT.withTime(Instant.EPOCH);
        Action action = new Action(
                "javac " + Runtime.version(),
                OPTIONS,
                store.ingest(project.resolve("src"), inputs).tree(),
                store.ingest(libraries, inputs).tree());
        Path current = state.resolve("current");
        if (Files.exists(classes)
                && Files.exists(current)
                && Files.readString(current).equals(action.key())) {
            return Outcome.UP_TO_DATE;
        }
        Path result = state.resolve(action.key() + ".velo");
        Outcome outcome = Files.exists(result) ? Outcome.FROM_STORE : Outcome.COMPILED;
        if (outcome == Outcome.COMPILED) {
            compile(action, result);
        }
        Files.deleteIfExists(current);
        delete(classes);
        try (VeloView view = store.view(result)) {
            view.checkout(classes, VeloCheckout.of(VeloCheckout.Mode.LINK));
        }
        Files.writeString(current, action.key());
        return outcome;
    }

    /** Compiles out of views, which nobody changes meanwhile, and keeps what comes out as a tree. */
    private void compile(Action action, Path result) throws IOException {
        Path output = Files.createTempDirectory(state, "output");
        try (VeloView sources = store.view(action.sources());
                VeloView libraries = store.view(action.libraries())) {
            Compiler.compile(
                    sources.fileSystem().getPath("/"), libraries.fileSystem().getPath("/"), output, action.options());
            store.ingest(output, VeloIngestOptions.DEFAULT.withManifest(result).withTime(Instant.EPOCH));
        } finally {
            delete(output);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}

package dev.velo.launcher;

import dev.velo.core.format.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Commands, one after another, during which the power may go. */
enum PowerLossScript {
    /** What is said to be stored is. */
    DURABLE(
            Step.durable("tree.velo", 1, "ingest", "tree", "-q", "--pack-size", "1", "--threads", "2"),
            Step.durable("tree.velo", 2, "ingest", "tree", "-q", "--pack-size", "1", "--threads", "2"),
            Step.durable("other.velo", 3, "ingest", "tree", "-q", "-o", "other.velo"),
            Step.durable("tree.velo", 3, "gc", "--delete", "--yes", "-q"),
            Step.durable("tree.velo", 4, "ingest", "tree", "-q"),
            Step.durable("tree.velo", 4, "repack", "-q"),
            Step.removal("other.velo", 4, "root", "remove", "other.velo"),
            Step.durable("tree.velo", 4, "gc", "--delete", "--yes", "-q"),
            Step.durable("other.velo", 4, "ingest", "tree", "-q", "-o", "other.velo", "--no-root"),
            Step.durable("other.velo", 4, "root", "add", "other.velo")),
    /** What was not waited for becomes durable when somebody waits for the same. */
    MIXED(
            Step.hasty("tree.velo", 1, "ingest", "tree", "-q", "--pack-size", "1", "--sync", "none"),
            Step.durable("other.velo", 1, "ingest", "tree", "-q", "-o", "other.velo"),
            Step.hasty("tree.velo", 2, "ingest", "tree", "-q", "--sync", "none"),
            Step.hasty("tree.velo", 2, "gc", "--delete", "--yes", "-q"),
            Step.durable("tree.velo", 2, "ingest", "tree", "-q"),
            Step.durable("tree.velo", 2, "repack", "-q")),
    /** What was not waited for, and is half there, is not believed. */
    HASTY(
            Step.hasty("tree.velo", 1, "ingest", "tree", "-q", "--pack-size", "1", "--sync", "none"),
            Step.hasty("tree.velo", 2, "ingest", "tree", "-q", "--sync", "none"),
            Step.hasty("tree.velo", 2, "repack", "-q")),
    /** A store that an older Velo has made is one of its version, or of this one. */
    RAISED(
            Step.durable("tree.velo", 1, "@first-version", "store"),
            Step.hasty("tree.velo", 1, "ingest", "tree", "-q", "--pack-size", "1", "--sync", "none"),
            Step.durable("tree.velo", 2, "ingest", "tree", "-q"));

    /**
     * One command.
     *
     * @param manifest whose registration it changes, if any
     * @param contents of the tree that it finds
     */
    record Step(Kind kind, String manifest, int contents, List<String> words) {
        enum Kind {
            DURABLE,
            HASTY,
            REMOVAL
        }

        static Step durable(String manifest, int contents, String... words) {
            return new Step(Kind.DURABLE, manifest, contents, List.of(words));
        }

        static Step hasty(String manifest, int contents, String... words) {
            return new Step(Kind.HASTY, manifest, contents, List.of(words));
        }

        static Step removal(String manifest, int contents, String... words) {
            return new Step(Kind.REMOVAL, manifest, contents, List.of(words));
        }

        boolean isDurable() {
            return kind != Kind.HASTY;
        }

        /** Whether it changes the registration. */
        private boolean registers() {
            return (words.getFirst().equals("ingest") && !words.contains("--no-root"))
                    || words.getFirst().equals("root");
        }

        void change(Workplace place) throws IOException {
            noise(place, "tree/changing", contents, 70_000);
            noise(place, "tree/sub/changing", 2 * contents, 700);
        }
    }

    /**
     * Which trees a manifest may be registered for.
     *
     * @param trees none if nothing is promised
     */
    record Promise(List<Digest> trees, boolean mayBeGone) {
        static final Promise NONE = new Promise(List.of(), true);

        boolean isEmpty() {
            return trees.isEmpty();
        }

        Promise or(Digest tree) {
            return isEmpty() ? this : new Promise(List.of(trees.getFirst(), tree), mayBeGone);
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // a copy, which nobody can change
    private final List<Step> steps;

    PowerLossScript(Step... steps) {
        this.steps = List.of(steps);
    }

    List<Step> steps() {
        return steps;
    }

    List<String> manifests() {
        return steps.stream().map(Step::manifest).distinct().toList();
    }

    /** What is promised of a manifest when so many steps have ended and so many were begun, and each left the tree of that number. */
    Promise promised(String manifest, List<Digest> trees, int ended, int begun) {
        Promise promise = Promise.NONE;
        for (int number = 0; number < begun; number++) {
            Step step = steps.get(number);
            boolean done = number < ended;
            if (step.manifest().equals(manifest) && step.registers()) {
                promise = switch (step.kind()) {
                    case HASTY -> Promise.NONE;
                    case REMOVAL -> done ? Promise.NONE : new Promise(promise.trees, true);
                    case DURABLE ->
                        done ? new Promise(List.of(trees.get(number)), false) : promise.or(trees.get(number));
                };
            }
        }
        return promise;
    }

    /** A folder with a small tree, and nothing else. */
    static Workplace workplace(Path folder) throws IOException {
        Workplace place = Workplace.make(Caller.all().getFirst(), folder);
        noise(place, "tree/large", 1, 1_100_000);
        noise(place, "tree/middle", 2, 30_000);
        for (int i = 0; i < 3; i++) {
            noise(place, "tree/sub/small" + i, 3 + i, 2_000);
        }
        return place;
    }

    private static void noise(Workplace place, String name, int seed, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Files.write(place.folder().resolve(name), bytes);
    }
}

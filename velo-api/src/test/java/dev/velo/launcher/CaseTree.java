package dev.velo.launcher;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tree that the programs of cases know, made where it will be seen, then taken away: in every presentation, and for real, it
 * is at the same place, so that absolute paths are equal.
 *
 * <pre>
 * folder/
 * ├── alias            -> nowhere
 * ├── nowhere/at/tree  the tree: for real until {@link #vanish}, then only where it is shown
 * ├── outside/         what links of the tree lead to
 * ├── store/
 * └── tree.velo
 * </pre>
 */
record CaseTree(Workplace place) {
    static CaseTree make(Caller caller, Path folder) throws IOException, InterruptedException {
        CaseLibc.GLIBC.assumeHere();
        Workplace place = Workplace.make(caller, folder);
        CaseTree made = new CaseTree(place);
        place.directory("nowhere");
        place.directory("nowhere/at");
        Files.createSymbolicLink(folder.resolve("alias"), Path.of("nowhere"));
        Path odd = folder.resolve("odd");
        String sources = CasePrograms.SOURCES.toString();
        made.run(CaseLibc.GLIBC
                .compilation(CasePrograms.SOURCES.resolve("odd.c"), odd)
                .toArray(new String[0]));
        made.run("sh", sources + "/tree.sh", made.root().toString());
        made.run(
                "sh",
                sources + "/binaries.sh",
                CaseLibc.GLIBC.compiler(),
                made.root().toString());
        made.run(
                odd.toString(),
                made.root().toString(),
                folder.resolve("outside").toString());
        return made;
    }

    void run(String... words) throws IOException, InterruptedException {
        Launch.program(place.caller(), place.folder(), words).run().ended(0);
    }

    /** Where the tree is, or was. */
    Path root() {
        return place.folder().resolve("nowhere/at/tree");
    }

    /** The same by way of a symbolic link. */
    Path rootByLink() {
        return place.folder().resolve("alias/at/tree");
    }

    Path manifest() {
        return place.folder().resolve("cases.velo");
    }

    /** Takes the tree into the store, trusted: with all of its modes. */
    void ingest() throws IOException, InterruptedException {
        place.velo("ingest", "--trust", root().toString(), "-o", manifest().toString(), "-q")
                .run()
                .succeeded();
    }

    /** Removes the tree, and the two folders that it is in, from where they are. */
    void vanish() throws IOException {
        Files.move(place.folder().resolve("nowhere"), place.folder().resolve("aside"));
    }

    /** Makes the folders again that the tree was in. */
    void restoreParents() throws IOException {
        Files.createDirectories(root().getParent());
    }

    /** A command that sees the tree, and starts outside of it. */
    Launch shown(String mode, Path at, String... command) {
        return run(List.of("--mode", mode, "--at", at.toString()), command);
    }

    /** The same, at its default place. */
    Launch shown(String mode, String... command) {
        return run(List.of("--mode", mode), command);
    }

    private Launch run(List<String> options, String... command) {
        List<String> words =
                new ArrayList<>(List.of("run", "--chdir", place.folder().toString()));
        words.addAll(options);
        words.addAll(List.of(manifest().toString(), "--"));
        words.addAll(List.of(command));
        return place.velo(words.toArray(new String[0]));
    }

    /** Cases become another user in the middle, who must be able to read the store. */
    void openToOthers() throws IOException, InterruptedException {
        run("chmod", "-R", "a+rX", place.store().toString());
    }

    /** Skips the test, with the reason, where the tree cannot be shown this way. */
    void assumeShown(String mode) throws IOException, InterruptedException {
        Outcome outcome = shown(mode, root(), "true").run();
        assumeTrue(outcome.status() == 0, outcome.complaint());
    }
}

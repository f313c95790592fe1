package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Where a tree appears, and what is left of that place afterwards. */
@Execution(ExecutionMode.CONCURRENT)
final class RunPlaceTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void byDefaultTheTreeAppearsWhereItWasIngestedFrom(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.file("tree/greeting", "changed since\n");

        Outcome outcome = place.velo("run", "--manifest", "tree.velo", "--", "cat", place.tree() + "/greeting")
                .run()
                .succeeded();

        assertThat(outcome.text()).isEqualTo("hello\n");
    }

    @ForEachCaller
    void aFolderIsIngestedAsItIsNow(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.file("tree/greeting", "changed since\n");

        Outcome outcome =
                place.velo("run", "tree", "--", "cat", "greeting").run().succeeded();

        assertThat(outcome.text()).isEqualTo("changed since\n");
    }

    @ForEachCaller
    void theDashesBeforeTheCommandMayBeLeftOut(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        assertThat(place.velo("run", "tree.velo", "ls", "-a", "sub")
                        .run()
                        .succeeded()
                        .lines())
                .containsExactly(".", "..", "deep");
    }

    @ForEachCaller
    void anExistingFolderIsCoveredForTheRunOnly(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.directory("at");
        place.file("at/own", "x");

        Outcome outcome = place.velo("run", "--at", "at", "tree.velo", "--", "sh", "-c", "pwd; ls")
                .run()
                .succeeded();

        assertThat(outcome.lines()).containsExactly(temporary + "/at", "empty", "greeting", "link", "sub", "tool");
        assertThat(temporary.resolve("at/own")).hasContent("x");
    }

    @ForEachCaller
    void missingFoldersAreMadeAndRemovedAgain(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "--at", "a/b/c", "tree.velo", "--", "cat", "greeting")
                .run()
                .succeeded();
        place.velo("run", "--at", "a/b/c", "tree.velo", "--", "no-such-command")
                .run()
                .ended(127);
        place.velo("run", "--at", "a/b/c", "--writable", "tree.velo", "--", "sh", "-c", "kill -KILL $$")
                .run()
                .ended(137);

        assertThat(temporary.resolve("a")).doesNotExist();
    }

    @ForEachCaller
    void aMadeFolderThatSomebodyUsesStays(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "--at", "a/b", "tree.velo", "--", "touch", "../beside")
                .run()
                .succeeded();

        assertThat(temporary.resolve("a/beside")).exists();
        assertThat(temporary.resolve("a/b")).doesNotExist();
    }

    @ForEachCaller
    void theEndOfOneRunDoesNotTakeTheTreeFromAnother(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String script = "echo shown; read line; cat " + temporary + "/a/b/greeting";
        String[] words = {"run", "--at", "a/b", "tree.velo", "--", "sh", "-c", script};
        Launch.Started first = place.velo(words).start().says("shown");
        Launch.Started second = place.velo(words).start().says("shown");

        first.answer("").await().succeeded();
        Outcome left = second.answer("").await().succeeded();

        assertThat(left.lines()).containsExactly("shown", "hello");
        assertThat(temporary.resolve("a")).doesNotExist();
    }

    @ForEachCaller
    void whereTheParentCannotBeWrittenTheAdviceIsAnotherPlace(Caller caller) throws Exception {
        assumeTrue(caller == Caller.USER, "root writes everywhere");
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "--at", "/velo-is-not-here/x", "tree.velo", "--", "true")
                .run()
                .failed(125, "choose a place with --at");
        Path closed = Files.createDirectory(
                place.directory("closed").resolve("inner"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("---------")));
        caller.own(closed);
        place.velo("run", "--at", "closed/inner/x", "tree.velo", "--", "true")
                .run()
                .failed(125, "choose a place with --at");
    }

    @ForEachCaller
    void aPlaceThatIsNoFolderIsRefused(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.file("file", "x");

        place.velo("run", "--at", "file", "tree.velo", "--", "true").run().failed(125, temporary + "/file");
        place.velo("run", "--at", "file/below", "tree.velo", "--", "true").run().failed(125, temporary + "/file");
        place.velo("run", "--at", "/", "tree.velo", "--", "true").run().failed(125, "--at");
    }

    @ForEachCaller
    void aManifestFromElsewhereNeedsAPlace(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.velo("ingest", "--store", "other", "--mtime", "@0", "tree", "-o", "foreign.velo", "-q")
                .run()
                .succeeded();

        place.velo("run", "foreign.velo", "--", "true").run().failed(125, "foreign.velo", "--at");
    }

    @ForEachCaller
    void aSymbolicLinkToTheTreeIsTheTree(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        Files.createSymbolicLink(temporary.resolve("alias"), Path.of("tree"));

        assertThat(place.velo("run", "alias", "--", "pwd").run().succeeded().text())
                .isEqualTo(place.tree() + "\n");
    }
}

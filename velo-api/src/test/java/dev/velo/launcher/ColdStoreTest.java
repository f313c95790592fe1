package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.ColdStore;
import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on a tree whose blobs are compressed in its store, and which is nowhere else. */
final class ColdStoreTest {
    private static final Path AT = Path.of("/nowhere/velo");

    @TempDir
    private Path temporary;

    private Workplace ingested(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        for (int i = 0; i < 20; i++) {
            place.file("tree/sub/text-" + i, ("line " + i + " of many\n").repeat(1 + i * i * 997));
        }
        caller.own(Files.copy(Path.of("/bin/cat").toRealPath(), place.tree().resolve("cat")));
        place.velo("ingest", "tree", "-q").run().succeeded();
        return place;
    }

    private static void freeze(Workplace place) throws IOException {
        assertThat(ColdStore.freezeAt(place.store())).isGreaterThan(15);
    }

    @Test
    void filesArePrintedAndVerified() throws Exception {
        Workplace place = ingested(Caller.all().getFirst());
        freeze(place);
        assertThat(place.velo("cat", "tree.velo", "sub/text-19")
                        .run()
                        .succeeded()
                        .text())
                .isEqualTo(Files.readString(place.tree().resolve("sub/text-19")));
        place.velo("verify", "--contents").run().succeeded();
        place.velo("verify", "--contents", "tree.velo").run().succeeded();
        place.velo("checkout", "--copy", "tree.velo", "out").run().succeeded();
        place.shell("diff -r --no-dereference tree out").run().succeeded();
        assertThat(Workplace.names(place.store().resolve("packs"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mount", "link", "preload"})
    void commandsSeeTheTree(String mode) throws Exception {
        assumeTrue(!mode.equals("mount") || HostileTree.isRoot(), "mounting takes root");
        Workplace place = ingested(Caller.all().getFirst());
        freeze(place);
        Path at = mode.equals("preload") ? AT : place.tree();
        Path real = Files.move(place.tree(), place.folder().resolve("real"));
        List<String> start = List.of("run", "--mode", mode, "--at", at.toString(), "tree.velo", "--");
        Launch diff = velo(place, start, "diff", "-r", "--no-dereference", at.toString(), real.toString());
        assertThat(diff.run().succeeded().text()).isEmpty();
        // a program of the tree, which the kernel executes
        String text = velo(
                        place,
                        start,
                        at.resolve("cat").toString(),
                        at.resolve("sub/text-7").toString())
                .run()
                .succeeded()
                .text();
        assertThat(text).isEqualTo(Files.readString(real.resolve("sub/text-7")));
        assertThat(place.problems()).isEmpty();
    }

    private static Launch velo(Workplace place, List<String> start, String... command) {
        return place.velo(Stream.concat(start.stream(), Arrays.stream(command)).toArray(String[]::new));
    }

    /** Nobody but its owner can lay a tree out in a store; what is read file by file is there for all. */
    @Test
    void whoCanOnlyReadTheStoreIsToldWhatHeCanDo() throws Exception {
        assumeTrue(HostileTree.isRoot() && Caller.all().contains(Caller.USER), "takes root, and setpriv");
        Workplace place = ingested(Caller.ROOT);
        freeze(place);
        Path home = place.directory("home");
        Caller.USER.own(home);
        Files.delete(place.tree().resolve("sub/deep"));
        Launch.program(Caller.ROOT, temporary, "sh", "-ec", "chmod a+r tree.velo; chmod -R a+rX store")
                .run()
                .succeeded();
        Workplace user = new Workplace(Caller.USER, temporary);
        user.velo("run", "--mode", "preload", "--at", AT.toString(), "tree.velo", "--", "ls", AT.toString())
                .with("HOME", home.toString())
                .run()
                .failed(125, "can only be read", "compressed", "velo checkout");
        user.velo("checkout", "--copy", "tree.velo", "home/out")
                .with("HOME", home.toString())
                .run()
                .succeeded();
        assertThat(home.resolve("out/sub/text-3"))
                .hasSameTextualContentAs(place.tree().resolve("sub/text-3"));
    }
}

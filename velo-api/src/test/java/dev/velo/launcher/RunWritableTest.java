package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Trees that a command may write to: where the writes go, who else sees them, and what the store makes of them. */
@Execution(ExecutionMode.CONCURRENT)
final class RunWritableTest {
    /** Writes to all files by all names and ways that a shell has; failures are the kernel's affair. */
    private static final String ARSENAL = """
            for f in greeting empty link tool sub/deep; do
              echo x >>$f; sed -i s/e/i/ $f; chmod 777 $f; touch -d 2001-01-01 $f; truncate -s 1 $f
              echo over | dd of=$f conv=notrunc; exec 5<$f; echo x >/proc/self/fd/5; exec 5<&-
              chown 7:7 $f; setfattr -n user.x -v y $f; chattr +d $f; fallocate -l 9999 $f
              ln $f hard; echo x >>hard; mv $f other; cp other $f; cp --reflink=always /bin/sh $f; rm -f other hard
            done
            mv sub moved; rm -rf sub moved; mkdir sub; chmod 700 .; rm -rf ./*
            """;

    @TempDir
    private Path temporary;

    @ForEachCaller
    void noWriteReachesTheStore(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.inTree("true").run().succeeded();
        Map<String, String> before = place.contents();

        place.velo("run", "tree.velo", "--", "sh", "-c", ARSENAL).run();
        place.velo("run", "--writable", "tree.velo", "--", "sh", "-c", ARSENAL).run();
        place.velo("run", "--upper", "upper", "tree.velo", "--", "sh", "-c", ARSENAL)
                .run();
        place.velo("run", "--mode", "copy", "tree.velo", "--", "sh", "-c", ARSENAL)
                .run();

        assertThat(place.contents()).isEqualTo(before);
        assertThat(place.problems()).isEmpty();
        assertThat(place.inTree("cat greeting sub/deep").run().succeeded().text())
                .isEqualTo("hello\ndeep\n");
        assertThat(Files.readString(place.tree().resolve("greeting"))).isEqualTo("hello\n");
    }

    @ForEachCaller
    void writesToAWritableTreeAreSeenByTheCommandAndGoneAfterIt(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String script =
                "echo more >>greeting && echo x >new && rm empty && mkdir d && chmod 600 tool && cat greeting && ls";

        Outcome written = place.velo("run", "--writable", "tree.velo", "--", "sh", "-c", script)
                .run()
                .succeeded();
        Outcome after = place.velo("run", "--writable", "tree.velo", "--", "sh", "-c", "cat greeting; ls")
                .run()
                .succeeded();

        assertThat(written.lines()).containsExactly("hello", "more", "d", "greeting", "link", "new", "sub", "tool");
        assertThat(after.lines()).containsExactly("hello", "empty", "greeting", "link", "sub", "tool");
    }

    @Test
    void theRootOfAWritableTreeKeepsItsOwner() throws Exception {
        assumeTrue(HostileTree.isRoot(), "owners are kept by root");
        Workplace place = Workplace.make(Caller.all().getFirst(), temporary);
        Files.setAttribute(place.tree(), "unix:uid", 1234);
        Files.setAttribute(place.tree(), "unix:gid", 2345);
        place.velo("ingest", "--owner", "keep", "tree", "-q").run().succeeded();
        for (String mode : List.of("mount", "link")) {
            Outcome run = place.velo("run", "--mode", mode, "--writable", "tree.velo", "--", "stat", "-c", "%u:%g", ".")
                    .run();
            assumeTrue(mode.equals("link") || run.status() == 0, run.complaint());
            assertThat(run.succeeded().text()).isEqualTo("1234:2345\n");
        }
    }

    @ForEachCaller
    void anUpperKeepsWritesFromRunToRun(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo(
                        "run",
                        "--upper",
                        "upper",
                        "tree.velo",
                        "--",
                        "sh",
                        "-c",
                        "echo more >>greeting; rm empty; echo x >new")
                .run()
                .succeeded();
        Outcome second = place.velo("run", "--upper", "upper", "tree.velo", "--", "sh", "-c", "cat greeting new; ls")
                .run()
                .succeeded();

        assertThat(second.lines()).containsExactly("hello", "more", "x", "greeting", "link", "new", "sub", "tool");
        assertThat(place.inTree("ls").run().succeeded().lines())
                .containsExactly("empty", "greeting", "link", "sub", "tool");
    }

    @ForEachCaller
    void theRootOfAWritableTreeLooksAsTheTree(Caller caller) throws Exception {
        Workplace place = Workplace.make(caller, temporary);
        Files.setAttribute(place.tree(), "unix:mode", 0751);
        Files.setAttribute(
                place.tree(), "lastModifiedTime", java.nio.file.attribute.FileTime.fromMillis(1_000_000_500));
        place.velo("ingest", "tree", "-q").run().succeeded();
        String looks = "stat -c '%a %.9Y' .";

        for (String way : new String[] {"--writable", "--upper=upper", "--mode=link"}) {
            assertThat(place.velo("run", way, "tree.velo", "--", "sh", "-c", looks)
                            .run()
                            .succeeded()
                            .text())
                    .isEqualTo("751 1000000.500000000\n");
        }
    }

    @ForEachCaller
    void aDirectoryOfTheTreeCanBeRenamedAsFarAsTheKernelPermits(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        // mv copies and deletes where rename says EXDEV
        Outcome outcome = place.velo(
                        "run", "--writable", "tree.velo", "--", "sh", "-c", "mv sub moved && cat moved/deep && ls")
                .run()
                .succeeded();

        assertThat(outcome.lines()).containsExactly("deep", "empty", "greeting", "link", "moved", "tool");
    }

    @ForEachCaller
    void anUpperTakesOneRunAtATime(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        Launch.Started first = place.velo(
                        "run", "--upper", "upper", "tree.velo", "--", "sh", "-c", "echo in; read line")
                .start()
                .says("in");

        place.velo("run", "--upper", "upper", "tree.velo", "--", "true")
                .run()
                .failed(125, "another run writes to", "/upper", "name another folder");

        first.answer("").await().succeeded();
        place.velo("run", "--upper", "upper", "tree.velo", "--", "true").run().succeeded();
    }

    @ForEachCaller
    void anUpperBelongsToOneTree(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.velo("run", "--upper", "upper", "tree.velo", "--", "true").run().succeeded();
        place.file("tree/added", "x");
        place.velo("ingest", "tree", "-q").run().succeeded();

        place.velo("run", "--upper", "upper", "tree.velo", "--", "true")
                .run()
                .failed(125, "upper holds what was written over another tree", "--upper");
    }

    @ForEachCaller
    void aFolderOfSomethingElseIsNoUpper(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        place.directory("mine");
        place.file("mine/file", "x");

        place.velo("run", "--upper", "mine", "tree.velo", "--", "true")
                .run()
                .failed(125, "mine is neither empty nor an upper", "name another folder");

        assertThat(Workplace.names(temporary.resolve("mine"))).hasSize(1);
    }

    @ForEachCaller
    void anUpperMayHaveSignsInItsNameThatMountOptionsUse(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String name = "a,b:c\\d e";

        place.velo("run", "--upper", name, "tree.velo", "--", "sh", "-c", "echo x >new")
                .run()
                .succeeded();

        assertThat(temporary.resolve(name).resolve("upper/new")).hasContent("x");
    }

    @ForEachCaller
    void discardedAndKeptExcludeEachOther(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        place.velo("run", "--writable", "--upper", "upper", "tree.velo", "--", "true")
                .run()
                .failed(125, "--writable", "--upper");
        assertThat(temporary.resolve("upper")).doesNotExist();
    }

    @Test
    void anOverlayHoldsNoUpper() throws Exception {
        assumeTrue(HostileTree.isRoot(), "mounting takes root");
        Workplace place = Workplace.ingested(Caller.all().getFirst(), temporary);
        for (String name : List.of("lower", "written", "work", "merged")) {
            place.directory(name);
        }
        String script = "mount -t overlay none -o lowerdir=lower,upperdir=written,workdir=work merged";
        Outcome mounted =
                Launch.program(Caller.ROOT, temporary, "sh", "-c", script).run();
        assumeTrue(mounted.status() == 0, mounted.complaint());
        try {
            place.velo("run", "--upper", "merged/upper", "tree.velo", "--", "true")
                    .run()
                    .failed(125, temporary + "/merged/upper is on an overlay", "a volume");
        } finally {
            Launch.program(Caller.ROOT, temporary, "umount", "-l", "merged").run();
        }
    }
}

package dev.velo.launcher;

import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestReport;
import dev.velo.project.MakingListener;
import dev.velo.project.ProjectTree;
import dev.velo.project.ToolFailedException;
import dev.velo.project.TreeMaker;
import java.util.List;

/** Tells on standard error how the trees of a project are made. */
final class MakingLines implements MakingListener {
    /** How much is told. */
    enum Telling {
        /** Warnings only. */
        QUIET,
        /** That a tool works, and what came of it. */
        USUAL,
        /** All that the tool says, too. */
        ALL
    }

    private final Telling telling;

    MakingLines(Telling telling) {
        this.telling = telling;
    }

    @Override
    public boolean isShown() {
        return telling == Telling.ALL;
    }

    @Override
    public void begins(ProjectTree tree, List<String> words, TreeMaker.Start start) {
        if (telling != Telling.QUIET) {
            String from = start == TreeMaker.Start.NEAREST ? ", beginning with the nearest tree that is known" : "";
            Terminal.err().println("velo: " + tree.name() + " is not known yet: " + String.join(" ", words) + from);
        }
    }

    @Override
    public void startsAgain(ProjectTree tree, ToolFailedException failure) {
        if (telling != Telling.QUIET) {
            Terminal.err()
                    .println(
                            "velo: " + tree.name() + " cannot be made out of an earlier tree: " + failure.getMessage());
        }
    }

    @Override
    public Taking taking(ProjectTree tree) {
        Progress progress = Progress.start(telling == Telling.QUIET);
        return new Taking() {
            @Override
            public IngestListener progress() {
                return progress;
            }

            @Override
            public void close() {
                progress.close();
            }
        };
    }

    @Override
    public void made(ProjectTree tree, IngestReport report) {
        report.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        if (report.files() == 0 && !tree.isInProject()) {
            Terminal.err()
                    .println("velo: " + tree.name() + ": the tool has put nothing in "
                            + StoreOptions.shown(tree.place())
                            + "; what it keeps elsewhere is not known to velo, and stays there");
        }
        if (telling != Telling.QUIET) {
            Terminal.err()
                    .println("velo: " + tree.name() + ": " + report.files() + " files, " + Sizes.of(report.bytes())
                            + "; new to the store: " + report.newBlobs() + " blobs, " + Sizes.of(report.newBytes()));
        }
    }

    /** What a tool said before it failed, which nobody has seen yet. */
    static void tell(ToolFailedException failure) {
        failure.output().forEach(line -> Terminal.err().println("  " + line));
    }
}

package dev.velo.project;

import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestReport;
import java.util.List;

/** Who hears how trees are made. */
public interface MakingListener {
    /** Whether the tool's own output is to be seen, on the error stream. */
    boolean isShown();

    /** A tool is started. */
    void begins(ProjectTree tree, List<String> words, TreeMaker.Start start);

    /** A tool could not make the tree out of an earlier one, and makes it out of nothing. */
    void startsAgain(ProjectTree tree, ToolFailedException failure);

    /** A tree is taken into the store now. */
    Taking taking(ProjectTree tree);

    /** It has been. */
    void made(ProjectTree tree, IngestReport report);

    /** The time in which a tree is taken into the store. */
    interface Taking extends AutoCloseable {
        IngestListener progress();

        @Override
        void close();
    }
}

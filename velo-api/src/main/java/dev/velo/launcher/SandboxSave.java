package dev.velo.launcher;

import dev.velo.core.ingest.IdMap;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.OverlayUpper;
import dev.velo.core.ingest.Save;
import dev.velo.core.ingest.SavedTree;
import dev.velo.core.present.Upper;
import dev.velo.core.present.User;
import dev.velo.core.sandbox.Identity;
import dev.velo.core.sandbox.UserNamespace;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.view.LayeredTree;
import java.io.IOException;
import java.util.List;

/**
 * {@code --save}: what a sandbox's command left in its root becomes a tree.
 *
 * @param upper where it was written
 * @param target absolute path of the manifest
 * @param origin where the saved tree belongs; empty for nowhere
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
record SandboxSave(
        Store store,
        LayeredTree tree,
        Upper upper,
        OverlayUpper.Care care,
        byte[] target,
        byte[] origin,
        Root.Trust trust) {
    /** Saves it, and tells of it. */
    void run(List<byte[]> mountPoints, Identity identity) throws IOException {
        OverlayUpper written = new OverlayUpper(
                upper.upper(),
                mountPoints,
                ids(identity, identity.uid(), User.current().uid()),
                ids(identity, identity.gid(), User.current().gid()),
                care);
        SavedTree saved;
        try (Progress progress = Progress.start(false)) {
            saved = Save.run(
                    store,
                    written,
                    List.of(tree.manifest().read()),
                    target,
                    origin,
                    IngestOptions.defaults().withTrust(trust),
                    progress);
        }
        saved.report().warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        Terminal.err().println("velo: saved " + IngestSummary.sentence(saved.report(), target));
    }

    private static IdMap ids(Identity identity, int inside, int own) {
        return switch (identity) {
            case Identity.Single single -> new IdMap(List.of(new IdMap.Range(inside, own, 1)));
            case Identity.Subordinate subordinate ->
                throw new IllegalStateException("what several users wrote is not saved");
            case Identity.Range range ->
                new IdMap(List.of(new IdMap.Range(0, UserNamespace.FIRST_USER, UserNamespace.USERS)));
        };
    }
}

package dev.velo.launcher;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.present.KernelRelease;
import dev.velo.core.present.User;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;

/** The tree that a command is to show: a manifest, or a directory, which is ingested first. */
final class TreeArgument {
    private TreeArgument() {}

    /** The root of a manifest; a directory is ingested for this. */
    static Root rootOf(Store opened, byte[] path, Root.Trust trust) throws IOException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, path, 0, stat);
        if (stat.type() != Statx.S_IFDIR) {
            return StoreOptions.rootOf(opened, path);
        }
        byte[] tree = IngestCommand.realPath(path);
        IngestOptions options = IngestOptions.defaults().withTrust(trust);
        try (Progress progress = Progress.start(false)) {
            IngestReport report = Ingest.run(opened, tree, tree, options, progress);
            report.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
            Digest digest = report.tree();
            Root root = Root.unregistered(digest, tree);
            return new Root(digest, tree, tree, options.trust(), root.identity());
        }
    }

    /** What of the tree becomes real for whoever runs this. */
    static MetadataPolicy policy(Root root, Root.Trust trust) {
        return policy(root.trust(), trust);
    }

    /** What of a tree that is trusted or not becomes real. */
    static MetadataPolicy policy(Root.Trust registered, Root.Trust trust) {
        return User.current().policy(trust == Root.Trust.TRUSTED ? trust : registered);
    }

    static Manifest manifestOf(Store opened, Root root) throws IOException {
        return new Roots(opened).manifest(root);
    }

    /** An overlay needs user attributes of its upper, which memory has since Linux 6.6. */
    static void requireMemoryUppers() throws IOException {
        if (!KernelRelease.current().isAtLeast(6, 6)) {
            throw new IOException("--writable needs Linux 6.6 or later; use --upper DIR");
        }
    }
}

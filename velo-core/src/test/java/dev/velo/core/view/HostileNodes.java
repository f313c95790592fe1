package dev.velo.core.view;

import dev.velo.core.ingest.TestStore;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.LinkCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.file.Path;

/** What Java cannot make: devices, fifos, attributes, equal times. */
final class HostileNodes {
    private static final long SECONDS = 1_600_000_000L;

    private HostileNodes() {}

    static void addTo(Path tree) throws IOException {
        try (Descriptor root = TestStore.open(tree)) {
            LinkCalls.mknodat(root.fd(), CString.first(PathBytes.of("fifo")), Statx.S_IFIFO | 0600, 0, 0);
            if (HostileTree.isRoot()) {
                LinkCalls.mknodat(root.fd(), CString.first(PathBytes.of("device")), Statx.S_IFCHR | 0600, 1, 3);
                try (Descriptor large = open(root.fd(), "large")) {
                    AttributeCalls.fchown(large.fd(), 100_000, 100_000);
                }
            }
            attribute(root.fd(), "directory", "user.one", 1);
            attribute(root.fd(), "large", "user.three-hundred", 300);
            attribute(root.fd(), "a", "user.empty", 0);
            String[] early = {
                "directory", "a", "fifo", "sparse", "link", "loop", "long", "directory/a-file-of-this-number-1"
            };
            for (String name : early) {
                AttributeCalls.utimensat(
                        root.fd(), CString.first(PathBytes.of(name)), SECONDS, 7, FileCalls.AT_SYMLINK_NOFOLLOW);
            }
        }
    }

    private static Descriptor open(int directory, String name) throws IOException {
        return new Descriptor(FileCalls.openat(directory, PathBytes.of(name), FileCalls.O_RDONLY, 0));
    }

    private static void attribute(int directory, String name, String attribute, int length) throws IOException {
        try (Descriptor file = open(directory, name)) {
            AttributeCalls.fsetxattr(file.fd(), PathBytes.of(attribute), new byte[length]);
        }
    }
}

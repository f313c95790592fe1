package dev.velo;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.file.Path;

/** What this system permits the tests. */
final class Privileges {
    private Privileges() {}

    /** Skips the test, with the reason, where images cannot be mounted. */
    static void assumeMounts(SmallTree small) throws IOException {
        assumeTrue(HostileTree.isRoot(), "mounting takes root");
        Path probe = small.directory("probe");
        try {
            small.view().mount(probe).close();
        } catch (IOException e) {
            assumeTrue(false, e.getMessage());
        }
    }

    /** Skips the test where commands cannot have mounts of their own. */
    static void assumeNamespaces() throws IOException, InterruptedException {
        String namespaces = HostileTree.isRoot() ? "-m" : "-Um";
        int status = new ProcessBuilder("unshare", namespaces, "true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assumeTrue(status == 0, "mount namespaces are not permitted here");
    }
}

package dev.velo.launcher;

import dev.velo.core.present.Availability;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.SystemLibc;
import dev.velo.core.present.UnavailableException;
import dev.velo.core.sandbox.SandboxProbe;
import dev.velo.core.store.ReadOnlyStoreException;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Architecture;
import dev.velo.shim.ShimLibraries;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code velo doctor}: which ways of showing trees can be had here, and what is in the way of the others. */
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Tells which ways of showing trees can be had here, and why others cannot.",
            "The preload shim is tried with a small tree and programs of this system."
        },
        footer = "Status: 0 if trees can be shown, 1 if they cannot be in any way.")
final class DoctorCommand implements Callable<Integer> {
    private static final byte[] SHELL = PathBytes.of("/bin/sh");

    @Mixin
    private final StoreOptions store = new StoreOptions();

    private boolean canShow;

    @Override
    public Integer call() throws IOException {
        tell(
                "kernel",
                null,
                "Linux " + System.getProperty("os.version") + ", "
                        + Architecture.current().resourceName());
        try (Store opened = store.open()) {
            tell("store", null, store(opened));
            presentation(opened, Presentation.MOUNT, "the kernel mounts images");
            presentation(opened, Presentation.LINK, "mount namespaces can be had");
            tell("isolate", whyNoSandbox(), "sandboxes can be had");
            libc();
            String reason = Availability.whyNot(opened, Presentation.PRELOAD, ShimLibraries.BUILT);
            tell("shim", reason, "the preload shim is built for this machine and can be loaded from the store");
            if (reason == null) {
                tryShim(opened);
            }
        }
        return canShow ? 0 : 1;
    }

    private static String store(Store opened) {
        try {
            opened.requireWritable();
            return PathBytes.show(opened.path());
        } catch (ReadOnlyStoreException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void presentation(Store opened, Presentation presentation, String yes) throws IOException {
        String reason = Availability.whyNot(opened, presentation, ShimLibraries.BUILT);
        canShow |= reason == null;
        tell(Terminal.lower(presentation), reason, yes);
    }

    private static @Nullable String whyNoSandbox() {
        try {
            SandboxProbe.require();
            return null;
        } catch (UnavailableException e) {
            return e.getMessage();
        }
    }

    private static void libc() throws IOException {
        SystemLibc libc = SystemLibc.of(SHELL);
        if (libc == null) {
            tell("libc", "/bin/sh is linked statically, so nothing can be preloaded into it; --mode link works", "");
            return;
        }
        String version = LibcVersion.of(libc);
        tell(
                "libc",
                null,
                Terminal.lower(libc.kind()) + (version.isEmpty() ? "" : " " + version) + ", " + libc.loader());
    }

    private void tryShim(Store opened) throws IOException {
        ShimTrial.Result result = ShimTrial.run(opened);
        tell("preload", result.failure(), "programs of this system see a tree that is nowhere");
        canShow |= result.failure() == null;
        if (result.failure() == null) {
            tell(
                    "audit",
                    result.isAudited()
                            ? null
                            : "this libc loads no audit libraries (musl has none), so programs find no shared libraries in"
                                    + " trees; --mode mount and --mode link show those",
                    "shared libraries are found in trees");
        }
    }

    private static void tell(String what, @Nullable String problem, String yes) {
        Terminal.out().printf("%-3s %-8s %s%n", problem == null ? "ok" : "no", what, problem == null ? yes : problem);
    }
}

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
import dev.velo.project.LibcVersion;
import dev.velo.shim.ShimLibraries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo doctor}: which ways of showing trees can be had here, what is in the way of the others, and how the store is. */
@Command(
        name = "doctor",
        sortOptions = false,
        description = {
            "Tells which ways of showing trees can be had here, why others cannot, and what of the store wants looking at.",
            "The preload shim is tried with a small tree and programs of this system."
        },
        footer = "Status: 0 if trees can be shown, 1 if they cannot be in any way.")
final class DoctorCommand implements Callable<Integer> {
    private static final byte[] SHELL = PathBytes.of("/bin/sh");

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private final List<Finding> findings = new ArrayList<>();
    private boolean canShow;

    @Override
    public Integer call() throws IOException {
        tell(Finding.ok(
                "kernel",
                "Linux " + System.getProperty("os.version") + ", "
                        + Architecture.current().resourceName()));
        KernelFindings.all().forEach(this::tell);
        try (Store opened = store.open()) {
            tell(Finding.ok("store", store(opened)));
            new FileSystemFindings(opened).all().forEach(this::tell);
            StoreFindings.of(opened).forEach(this::tell);
            presentation(opened, Presentation.MOUNT, "the kernel mounts images");
            presentation(opened, Presentation.LINK, "mount namespaces can be had");
            tell("isolate", whyNoSandbox(), "sandboxes can be had");
            tell(KernelFindings.cgroups());
            libc();
            String reason = Availability.whyNot(opened, Presentation.PRELOAD, ShimLibraries.BUILT);
            tell("shim", reason, "the preload shim is built for this machine and can be loaded from the store");
            if (reason == null) {
                tryShim(opened);
            }
            if (json) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("store", StoreOptions.shown(opened.path()));
                fields.put("canShow", canShow);
                fields.put("findings", findings.stream().map(Finding::fields).toList());
                Json.print(fields);
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

    private void libc() throws IOException {
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

    /** A fact whose problem says itself what helps. */
    private void tell(String what, @Nullable String problem, String yes) {
        tell(problem == null ? Finding.ok(what, yes) : Finding.no(what, problem, ""));
    }

    /** Some take their time, so that each is told when it is known. */
    private void tell(Finding finding) {
        findings.add(finding);
        if (!json) {
            Terminal.out().println(finding.line());
        }
    }
}

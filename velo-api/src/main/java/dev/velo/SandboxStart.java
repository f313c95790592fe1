package dev.velo;

import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.ShownTree;
import dev.velo.core.sandbox.Identity;
import dev.velo.core.sandbox.LimitDecision;
import dev.velo.core.sandbox.ResourceLimits;
import dev.velo.core.sandbox.SandboxLaunch;
import dev.velo.core.sandbox.SandboxOptions;
import dev.velo.core.tree.LocalPath;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanFailure;
import dev.velo.ffm.ProcessCalls;
import dev.velo.ffm.SpawnedProcess;
import dev.velo.process.ChildStart;
import dev.velo.process.ProcessEnvironment;
import dev.velo.process.Streams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One start of a sandbox. This JVM spawns its first process; where cgroups hold limits, a runner that stays outside of them is between
 * the two.
 */
final class SandboxStart {
    private final VeloSandboxOptions options;
    private final List<byte[]> command;
    private final Streams streams;

    SandboxStart(VeloSandboxOptions options, List<byte[]> command, Streams streams) {
        this.options = options;
        this.command = command;
        this.streams = streams;
    }

    VeloSandboxProcess of(ViewPresentation root) throws IOException {
        return root.show(Presentation.DIRECTORIES, shown -> withTrees(root, shown.directory(), List.of()));
    }

    /** The trees are shown one by one, each while those before it are. */
    private VeloSandboxProcess withTrees(
            ViewPresentation presentation, ShownTree root, List<SandboxOptions.PlacedTree> shownBefore)
            throws IOException {
        if (shownBefore.size() == options.trees().size()) {
            return start(presentation, root, shownBefore);
        }
        VeloSandboxOptions.Tree next = options.trees().get(shownBefore.size());
        return next.view().presentation().show(Presentation.DIRECTORIES, shown -> {
            List<SandboxOptions.PlacedTree> placed = new ArrayList<>(shownBefore);
            placed.add(new SandboxOptions.PlacedTree(
                    shown.directory(), LocalPath.normal(next.at()), access(next.access())));
            return withTrees(presentation, root, placed);
        });
    }

    private VeloSandboxProcess start(
            ViewPresentation presentation, ShownTree root, List<SandboxOptions.PlacedTree> trees) throws IOException {
        SandboxOptions core = new SandboxOptions(
                root,
                writes(presentation),
                trees,
                binds(),
                Identity.ofProcess(options.user(), options.group()),
                options.hostname().getBytes(StandardCharsets.US_ASCII),
                SandboxOptions.Network.valueOf(options.network().name()),
                SandboxOptions.Calls.valueOf(options.systemCalls().name()),
                options.writableMemory(),
                limits(),
                timeLimit(),
                LocalPath.normal(options.directory()),
                new CommandProcess(command, environment(), 0));
        SandboxHold hold = new SandboxHold();
        try {
            hold(hold, core);
            return start(core, hold);
        } catch (IOException | RuntimeException e) {
            hold.close();
            hold.releaseMounts();
            throw e;
        }
    }

    private static void hold(SandboxHold hold, SandboxOptions core) throws IOException {
        hold.lease(core.root());
        for (SandboxOptions.PlacedTree tree : core.trees()) {
            hold.lease(tree.tree());
        }
        if (core.writes() instanceof SandboxOptions.Writes.Kept kept) {
            hold.lock(kept.upper());
        }
    }

    private VeloSandboxProcess start(SandboxOptions core, SandboxHold hold) throws IOException {
        try (ChildStart child = ChildStart.open(streams, List.of());
                SandboxLaunch launch = SandboxLaunch.of(core, child.handover())) {
            hold.life(launch.takeLauncher());
            PlanBuilder start = new PlanBuilder();
            child.begin(start);
            SandboxChild.Parentage parentage;
            if (launch.limits().usesCgroups()) {
                parentage = SandboxChild.Parentage.PARENT_OF_FIRST;
                child.runner(start, launch.ofParent(), launch.own());
            } else {
                parentage = SandboxChild.Parentage.FIRST;
                launch.begin(start);
            }
            SpawnedProcess spawned = spawn(start);
            if (parentage == SandboxChild.Parentage.FIRST) {
                hold.keepMounts(spawned.pid());
            }
            child.await(spawned, command.getFirst());
            hold.report(child.takeMessages());
            List<String> held = launch.limits().decisions().stream()
                    .map(LimitDecision::text)
                    .toList();
            SandboxChild process = new SandboxChild(spawned, child.takePipes(), hold, parentage);
            process.await();
            return new VeloSandboxProcess(process, held);
        }
    }

    private static SpawnedProcess spawn(PlanBuilder start) throws IOException {
        try {
            return ProcessCalls.spawn(start.build());
        } catch (PlanFailure e) {
            if (e.entry() >= 0) {
                throw e;
            }
            throw new IOException(
                    "cannot make the namespaces of a sandbox: " + e.call().callName() + ": "
                            + e.errno().text() + "; velo doctor tells what is missing here",
                    e);
        }
    }

    private SandboxOptions.Writes writes(ViewPresentation presentation) throws IOException {
        if (presentation.core(options.writes()) instanceof LaunchOptions.Writes.Kept kept) {
            return SandboxOptions.Writes.Kept.handingOver(kept.upper());
        }
        return new SandboxOptions.Writes.Discarded();
    }

    private List<SandboxOptions.Bind> binds() {
        return options.binds().stream()
                .map(bind -> new SandboxOptions.Bind(
                        LocalPath.bytes(bind.source()), LocalPath.normal(bind.target()), access(bind.access())))
                .toList();
    }

    private static SandboxOptions.Access access(VeloSandboxOptions.Access access) {
        return SandboxOptions.Access.valueOf(access.name());
    }

    private ResourceLimits limits() {
        VeloSandboxOptions.Limits limits = options.limits();
        return new ResourceLimits(limits.memory(), limits.processes(), limits.processors());
    }

    private OptionalInt timeLimit() {
        return options.limits()
                .time()
                .map(time -> OptionalInt.of((int) time.toMillis()))
                .orElseGet(OptionalInt::empty);
    }

    private List<byte[]> environment() throws IOException {
        byte[] directory = LocalPath.normal(options.directory());
        return CommandProcess.environmentIn(
                directory,
                switch (options.environment()) {
                    case VeloSandboxOptions.Environment.Inherited inherited -> ProcessEnvironment.inherited();
                    case VeloSandboxOptions.Environment.Exactly exactly ->
                        ProcessEnvironment.encode(exactly.variables());
                });
    }
}

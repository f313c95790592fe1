package dev.velo.core.sandbox;

import dev.velo.core.present.Handover;
import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a process that starts many sandboxes has made before, for one of them to enter. Owns the network.
 *
 * @param mounts a mount namespace with nothing in it, to make a copy of
 * @param network a network namespace for this sandbox alone
 */
record ReadyNamespaces(OptionalInt mounts, Optional<Descriptor> network) implements AutoCloseable {
    /** Nothing. */
    static ReadyNamespaces none() {
        return new ReadyNamespaces(OptionalInt.empty(), Optional.empty());
    }

    /** What there is for a sandbox that root starts; a network only if it is wanted and one is ready. */
    static ReadyNamespaces of(SandboxOptions options, Identity.Range range, Handover handover) throws IOException {
        OptionalInt mounts = OptionalInt.of(BareMounts.ofProcess(range.namespace()));
        Descriptor network = options.network() == SandboxOptions.Network.NONE ? SpareNetworks.take() : null;
        return new ReadyNamespaces(
                mounts, network == null ? Optional.empty() : Optional.of(handover.beside(network.release())));
    }

    /** Adds what a process does that is root of this machine still. */
    void enterNetwork(PlanBuilder plan) {
        network.ifPresent(made -> {
            plan.what("cannot enter the sandbox's network");
            plan.setns(PlanArgument.of(made.fd()), PlanBuilder.CLONE_NEWNET);
        });
    }

    /** Adds what a process does that is root of the sandbox. */
    void enterMounts(PlanBuilder plan) {
        mounts.ifPresent(made -> {
            plan.what("cannot leave this machine's mounts");
            plan.setns(PlanArgument.of(made), PlanBuilder.CLONE_NEWNS);
        });
    }

    List<Integer> descriptors() {
        List<Integer> all = new ArrayList<>();
        mounts.ifPresent(all::add);
        network.ifPresent(made -> all.add(made.fd()));
        return all;
    }

    @Override
    public void close() {
        network.ifPresent(Descriptor::close);
    }
}

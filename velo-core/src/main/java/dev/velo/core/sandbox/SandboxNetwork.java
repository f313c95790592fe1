package dev.velo.core.sandbox;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.NetworkCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Syscall;

/** The network of a sandbox: a namespace of its own begins with a loopback interface that is down (netdevice(7)). */
final class SandboxNetwork {
    private static final String LOOPBACK = "lo";
    private static final int UP = NetworkCalls.IFF_UP | NetworkCalls.IFF_RUNNING;

    private SandboxNetwork() {}

    /** Adds what starts the loopback interface of a namespace that the sandbox made. */
    static void prepare(PlanBuilder plan) {
        plan.what("cannot start the sandbox's loopback interface");
        PlanEntry socket = plan.call(
                Syscall.SOCKET,
                PlanArgument.of(NetworkCalls.AF_INET),
                PlanArgument.of(NetworkCalls.SOCK_DGRAM | FileCalls.O_CLOEXEC),
                PlanArgument.of(0));
        plan.call(
                Syscall.IOCTL,
                socket.result(),
                PlanArgument.of(NetworkCalls.SIOCSIFFLAGS),
                PlanArgument.structure(NetworkCalls.interfaceRequest(LOOPBACK, UP)));
    }

    /** Starts that of the namespace that the calling thread is in. */
    static void startLoopback() throws ErrnoException {
        try (Descriptor socket = new Descriptor(NetworkCalls.socket(NetworkCalls.AF_INET, NetworkCalls.SOCK_DGRAM))) {
            NetworkCalls.setInterfaceFlags(socket.fd(), LOOPBACK, UP);
        }
    }
}

package dev.velo.core.sandbox;

import dev.velo.ffm.FileCalls;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The network of a sandbox: a namespace of its own begins with a loopback interface that is down (netdevice(7)). */
final class SandboxNetwork {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final short IFF_UP_RUNNING = 0x41;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS_AT = 16;

    private SandboxNetwork() {}

    static void prepare(PlanBuilder plan, SandboxOptions.Network network) {
        if (network == SandboxOptions.Network.HOST) {
            return;
        }
        plan.what("cannot start the sandbox's loopback interface");
        ByteBuffer request = ByteBuffer.allocate(IFREQ_BYTES).order(ByteOrder.nativeOrder());
        request.put("lo".getBytes(StandardCharsets.US_ASCII)).putShort(IFREQ_FLAGS_AT, IFF_UP_RUNNING);
        PlanEntry socket = plan.call(
                Syscall.SOCKET,
                PlanArgument.of(AF_INET),
                PlanArgument.of(SOCK_DGRAM | FileCalls.O_CLOEXEC),
                PlanArgument.of(0));
        plan.call(
                Syscall.IOCTL, socket.result(), PlanArgument.of(SIOCSIFFLAGS), PlanArgument.structure(request.array()));
    }
}

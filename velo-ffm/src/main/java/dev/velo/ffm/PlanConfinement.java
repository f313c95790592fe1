package dev.velo.ffm;

import static dev.velo.ffm.PlanArgument.fields;
import static dev.velo.ffm.PlanArgument.structure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The typed calls of a plan that take powers from the process that runs it, for good, and from all that it starts.
 *
 * <p>Their order in a plan: capabilities first, which {@code PR_CAPBSET_DROP} needs itself, then {@link #noNewPrivileges}, then
 * {@link #seccomp}, which asks for one of the two and may forbid the others.
 */
public abstract sealed class PlanConfinement permits PlanCalls {
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int CAPABILITY_SETS = 3;
    private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SOCK_FILTER_BYTES = 8;
    private static final int BPF_MAXINSNS = 4096;

    PlanConfinement() {}

    /** Adds any call; its arguments are as many as it has. */
    public abstract PlanEntry call(Syscall call, PlanArgument... arguments);

    public PlanEntry prctl(int option, long a, long b, long c, long d) {
        return call(
                Syscall.PRCTL,
                PlanArgument.of(option),
                PlanArgument.of(a),
                PlanArgument.of(b),
                PlanArgument.of(c),
                PlanArgument.of(d));
    }

    /** {@code prctl(PR_SET_NO_NEW_PRIVS, 1)}: no execution gives privileges any more, be the program setuid or not. */
    public PlanEntry noNewPrivileges() {
        return prctl(ProcessCalls.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }

    /**
     * {@code seccomp(SECCOMP_SET_MODE_FILTER, 0, {len, filter})}: every later call of the process passes this filter, also those of the
     * plan. Fails with EACCES without {@link #noNewPrivileges} or CAP_SYS_ADMIN, with EINVAL if the kernel refuses the program.
     *
     * @param filter a classic BPF program over {@code struct seccomp_data}: 1 to 4096 {@code struct sock_filter} of 8 bytes each
     */
    public PlanEntry seccomp(byte[] filter) {
        int instructions = filter.length / SOCK_FILTER_BYTES;
        if (filter.length % SOCK_FILTER_BYTES != 0 || instructions == 0 || instructions > BPF_MAXINSNS) {
            throw new IllegalArgumentException(
                    "a filter has 1 to 4096 instructions of 8 bytes, not " + filter.length + " bytes");
        }
        // struct sock_fprog: u16 len, which little-endian padding makes a number of 8 bytes, and the address of the
        // instructions
        PlanArgument program = fields(PlanArgument.of(instructions), structure(filter));
        return call(Syscall.SECCOMP, PlanArgument.of(SECCOMP_SET_MODE_FILTER), PlanArgument.of(0), program);
    }

    /**
     * Takes all capabilities from the process, and the way to get any back: bounding, ambient, effective, permitted and inheritable
     * ones. Many entries; needs CAP_SETPCAP in the process's user namespace, else EPERM.
     *
     * @param last the highest capability that the kernel knows, as {@code /proc/sys/kernel/cap_last_cap} tells it; a higher one fails
     *     with EINVAL
     */
    public PlanEntry dropCapabilities(int last) {
        for (int capability = 0; capability <= last; capability++) {
            dropBoundingCapability(capability);
        }
        clearAmbientCapabilities();
        return capset(0, 0, 0);
    }

    /** {@code keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL)}: the process leaves the keyring of the session it was started in. */
    public PlanEntry joinNewSessionKeyring() {
        return call(Syscall.KEYCTL, PlanArgument.of(KEYCTL_JOIN_SESSION_KEYRING), PlanArgument.NULL);
    }

    /** {@code prctl(PR_CAPBSET_DROP, capability)}: no execution gives this capability any more. EPERM without CAP_SETPCAP. */
    public PlanEntry dropBoundingCapability(int capability) {
        return prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }

    /** {@code prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)} (Linux 4.3): an execution hands no capabilities on. */
    public PlanEntry clearAmbientCapabilities() {
        return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    }

    /** {@code capset(2)} of the process itself: bit {@code n} for capability {@code n}. EPERM for what it does not have. */
    public PlanEntry capset(long effective, long permitted, long inheritable) {
        ByteBuffer header = ByteBuffer.allocate(2 * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(CAPABILITY_VERSION_3);
        ByteBuffer data =
                ByteBuffer.allocate(2 * CAPABILITY_SETS * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int shift = 0; shift < Long.SIZE; shift += Integer.SIZE) {
            data.putInt((int) (effective >>> shift))
                    .putInt((int) (permitted >>> shift))
                    .putInt((int) (inheritable >>> shift));
        }
        return call(Syscall.CAPSET, structure(header.array()), structure(data.array()));
    }
}

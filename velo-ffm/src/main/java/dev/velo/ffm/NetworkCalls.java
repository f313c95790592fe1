package dev.velo.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Calls about network interfaces. */
public final class NetworkCalls {
    public static final int AF_INET = 2;
    public static final int SOCK_DGRAM = 2;
    public static final int SIOCSIFFLAGS = 0x8914;
    public static final short IFF_UP = 1;
    public static final short IFF_RUNNING = 0x40;

    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS_AT = 16;

    private NetworkCalls() {}

    /** {@code int socket(int domain, int type, int protocol)}; closed on execution, the caller's to close. */
    public static int socket(int domain, int type) throws ErrnoException {
        return (int) Door.call(Syscall.SOCKET, 0, domain, type | SOCK_CLOEXEC, 0, 0, 0, 0);
    }

    /** {@code int ioctl(int fd, SIOCSIFFLAGS, struct ifreq *)}: of the interface of that name in the socket's network namespace. */
    public static void setInterfaceFlags(int socket, String name, int flags) throws ErrnoException {
        byte[] bytes = interfaceRequest(name, flags);
        MemorySegment request = Scratch.structure(IFREQ_BYTES);
        MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
        Door.call(Syscall.IOCTL, 0, socket, SIOCSIFFLAGS, request.address(), 0, 0, 0);
    }

    /** {@code struct ifreq} with these {@code ifr_flags}, for a plan. */
    public static byte[] interfaceRequest(String name, int flags) {
        byte[] request = new byte[IFREQ_BYTES];
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, request, 0, text.length);
        request[IFREQ_FLAGS_AT] = (byte) flags;
        request[IFREQ_FLAGS_AT + 1] = (byte) (flags >> Byte.SIZE);
        return request;
    }
}

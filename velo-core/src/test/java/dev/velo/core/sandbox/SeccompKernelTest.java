package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.testing.TestData;
import dev.velo.ffm.Architecture;
import dev.velo.ffm.Errno;
import dev.velo.ffm.IdentityCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel makes of the filter: a program makes the calls, under it and, to compare, without it. */
@Timeout(120)
class SeccompKernelTest {
    /** No address, no descriptor, no flags that any call knows: what is made with it as root has no effect. */
    private static final String NOTHING = ",-1".repeat(6);

    private static final int CLONE_NEWUSER = 0x10000000;
    private static final int CLONE_NEWNS = 0x20000;
    private static final int CLONE_NEWTIME = 0x80;
    private static final int CLONE_FILES = 0x400;
    private static final int SIGCHLD = 17;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_ALG = 38;
    private static final int AF_PACKET = 17;
    private static final int AF_VSOCK = 40;

    @TempDir
    Path directory;

    private Path program = Path.of("");

    @BeforeEach
    void compile() throws Exception {
        program = directory.resolve("calls");
        CompiledProgram.compile(
                "-O1",
                "-o",
                program.toString(),
                TestData.path("velo-core/src/test/c/calls.c").toString());
    }

    @Test
    void everyRestrictedCallGetsItsAnswer() throws Exception {
        List<RestrictedCall> calls = restricted();
        List<Long> results = make(true, calls.stream().map(this::denied).toList());
        for (int i = 0; i < calls.size(); i++) {
            Errno errno = Errno.valueOf(calls.get(i).rule().verdict().name());
            assertThat(results.get(i)).as(calls.get(i).callName()).isEqualTo(-errno.number());
        }
    }

    /** Without the filter root is told something else each time, so the answers above are not the kernel's own. */
    @Test
    void withoutTheFilterTheAnswersAreOthers() throws Exception {
        assumeTrue(IdentityCalls.geteuid() == 0, "an ordinary user is denied most of it anyway");
        assumeTrue(!isFiltered(), "these tests run under a filter themselves");
        List<RestrictedCall> calls = restricted();
        List<Long> results = make(false, calls.stream().map(this::denied).toList());
        for (int i = 0; i < calls.size(); i++) {
            Errno errno = Errno.valueOf(calls.get(i).rule().verdict().name());
            assertThat(results.get(i)).as(calls.get(i).callName()).isNotEqualTo(-errno.number());
        }
    }

    private static List<RestrictedCall> restricted() {
        return Stream.of(RestrictedCall.values())
                .filter(call -> call.number(Architecture.current()) >= 0)
                .toList();
    }

    /** The call, with arguments that the list denies. */
    private String denied(RestrictedCall call) {
        return switch (call) {
            case UNSHARE -> word(call, CLONE_NEWNS);
            case CLONE -> word(call, CLONE_NEWUSER | SIGCHLD);
            case PERSONALITY -> word(call, 0x40000);
            case IOCTL -> word(call, -1, 0x5412);
            case SOCKET -> word(call, AF_PACKET, SOCK_STREAM);
            case SOCKETPAIR -> word(call, AF_PACKET, SOCK_STREAM);
            default -> call.number(Architecture.current()) + NOTHING;
        };
    }

    @Test
    void argumentsAreLookedAt() throws Exception {
        long typing = 0x5412;
        denies(Errno.EPERM, RestrictedCall.IOCTL, -1, typing);
        denies(Errno.EPERM, RestrictedCall.IOCTL, -1, 0x1_0000_0000L | typing);
        denies(Errno.EPERM, RestrictedCall.IOCTL, -1, 0xffff_ffff_0000_0000L | 0x541c);
        answers(-Errno.EBADF.number(), RestrictedCall.IOCTL, -1, 0x5413);
        answers(0, RestrictedCall.UNSHARE, CLONE_FILES);
        denies(Errno.EPERM, RestrictedCall.UNSHARE, CLONE_FILES | CLONE_NEWTIME);
        denies(Errno.EPERM, RestrictedCall.UNSHARE, CLONE_NEWUSER);
        denies(Errno.EPERM, RestrictedCall.UNSHARE, 1L << 37);
        denies(Errno.EPERM, RestrictedCall.CLONE, CLONE_NEWNS | SIGCHLD);
        denies(Errno.EPERM, RestrictedCall.CLONE, 0x1_0000_0000L | CLONE_NEWUSER | SIGCHLD);
        denies(Errno.EAFNOSUPPORT, RestrictedCall.SOCKET, AF_VSOCK, SOCK_STREAM);
        denies(Errno.EAFNOSUPPORT, RestrictedCall.SOCKET, AF_ALG, SOCK_STREAM);
        denies(Errno.EAFNOSUPPORT, RestrictedCall.SOCKET, 0x1_0000_0000L | AF_VSOCK, SOCK_STREAM);
        answers(-Errno.EFAULT.number(), RestrictedCall.SOCKETPAIR, AF_UNIX, SOCK_STREAM);
        denies(Errno.EPERM, RestrictedCall.PERSONALITY, 0x40000);
        answers(0, RestrictedCall.PERSONALITY, 0xffffffffL);
    }

    @Test
    void whatNoKernelHasAndWhatIsOfX32IsMissing() throws Exception {
        List<Long> results =
                make(true, List.of("470" + NOTHING, "9999" + NOTHING, "0x40000027", "0x400000a5" + NOTHING));
        assertThat(results).containsOnly((long) -Errno.ENOSYS.number());
    }

    private void denies(Errno errno, RestrictedCall call, long... arguments) throws Exception {
        answers(-errno.number(), call, arguments);
    }

    private void answers(long expected, RestrictedCall call, long... arguments) throws Exception {
        String word = word(call, arguments);
        assertThat(make(true, List.of(word))).as("%s %s", call.callName(), word).containsExactly(expected);
    }

    private static String word(RestrictedCall call, long... arguments) {
        StringBuilder word = new StringBuilder().append(call.number(Architecture.current()));
        for (long argument : arguments) {
            word.append(",0x").append(Long.toHexString(argument));
        }
        return word.toString();
    }

    private List<Long> make(boolean filtered, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        Confined.Outcome outcome = new Confined(directory, filtered).run(command);
        assertThat(outcome.status().code()).as(outcome.output()).isZero();
        List<Long> results = outcome.output().lines().map(Long::valueOf).toList();
        assertThat(results).hasSameSizeAs(words);
        return results;
    }

    private static boolean isFiltered() throws IOException {
        return !Files.readString(Path.of("/proc/self/status")).contains("Seccomp:\t0\n");
    }
}

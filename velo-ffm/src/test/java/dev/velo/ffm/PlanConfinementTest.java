package dev.velo.ffm;

import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What takes powers from the process of a plan, in plans and in the kernel. */
@Timeout(60)
class PlanConfinementTest {
    /** {@code ld nr; jeq getppid, 0, 1; ret ERRNO | 77; ret ALLOW}, of a call that a shell makes once it is asked to. */
    private static byte[] filter(int number) {
        return ProcessCalls.longs(
                0x0000000000000020L, (long) number << 32 | 0x01000015L, 0x0005004d_00000006L, 0x7fff0000_00000006L);
    }

    @TempDir
    Path directory;

    private final PlanBuilder plan = new PlanBuilder();

    @Test
    void structuresWithPointersArePrinted() {
        PlanArgument name = PlanArgument.string(bytes("a"));
        PlanArgument inner =
                PlanArgument.fields(PlanArgument.of(5), PlanArgument.structure(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        plan.call(Syscall.PRCTL, PlanArgument.fields(PlanArgument.of(-1), name, inner, PlanArgument.NULL), name, inner);
        assertThat(plan.build().describe())
                .isEqualTo(
                        "child 0: prctl({-1, \"a\", {5, bytes 0102030405060708}, 0}, \"a\", {5, bytes 0102030405060708})\n");
    }

    @Test
    void aFilterIsPrintedByItsLengthAndBeginning() {
        plan.noNewPrivileges();
        long[] many = new long[100];
        Arrays.fill(many, 6);
        plan.seccomp(ProcessCalls.longs(many));
        plan.seccomp(filter(1));
        assertThat(plan.build().describe()).isEqualTo("""
                child 0: prctl(38, 1, 0, 0, 0)
                child 1: seccomp(1, 0, {100, bytes 06000000000000000600000000000000... (800 in all)})
                child 2: seccomp(1, 0, {4, bytes 20000000000000001500000101000000060000004d000500060000000000ff7f})
                """);
    }

    @Test
    void structuresWithPointersAreStored() {
        plan.seccomp(filter(1));
        Plan built = plan.build();
        assertThat(Plan.of(built.toBytes())).isEqualTo(built);
    }

    @Test
    void aResultIsNoField() {
        PlanEntry entry = plan.chdir(bytes("/"));
        assertThatIllegalArgumentException().isThrownBy(() -> PlanArgument.fields(entry.result()));
    }

    @Test
    void whatIsNoFilterIsRefused() {
        for (int length : new int[] {0, 4, 12, 4097 * 8}) {
            assertThatIllegalArgumentException().isThrownBy(() -> plan.seccomp(new byte[length]));
        }
    }

    @Test
    void aFilterHoldsForThePlanAndTheCommand() throws Exception {
        plan.noNewPrivileges();
        plan.seccomp(filter(Syscall.CHDIR.number()));
        shell("cd /tmp 2> \"$0\" && exit 1; grep -E 'Seccomp:|NoNewPrivs' /proc/self/status >> \"$0\"");
        assertThat(Files.readString(run())).contains("cd: can't cd to /tmp", "NoNewPrivs:\t1\n", "Seccomp:\t2\n");
        PlanBuilder after = new PlanBuilder();
        after.noNewPrivileges();
        after.seccomp(filter(Syscall.CHDIR.number()));
        after.chdir(bytes("/"));
        Plan built = after.build();
        PlanFailure failure = catchThrowableOfType(PlanFailure.class, () -> ProcessCalls.spawn(built));
        assertThat(failure).isNotNull();
        assertThat(failure.entry()).isEqualTo(2);
        assertThat(failure.errno().number()).isEqualTo(77);
    }

    @Test
    void theJvmItselfIsAsBefore() throws Exception {
        plan.noNewPrivileges();
        plan.seccomp(filter(Syscall.CHDIR.number()));
        shell(":");
        run();
        assertThat(Files.readString(Path.of("/proc/self/status"))).contains("NoNewPrivs:\t0\n");
    }

    @Test
    void noCapabilityIsLeft() throws Exception {
        assumeTrue(IdentityCalls.geteuid() == 0, "only root has capabilities to lose");
        plan.dropCapabilities(lastCapability());
        shell("grep -E '^Cap' /proc/self/status > \"$0\"");
        assertThat(Files.readString(run()).lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).endsWith("\t0000000000000000"));
    }

    /** As in a rootless sandbox: all of them are there, whoever makes the namespace. */
    @Test
    void noCapabilityOfAUserNamespaceIsLeft() throws Exception {
        plan.namespaces(PlanBuilder.CLONE_NEWUSER);
        shell("grep -E '^CapBnd' /proc/self/status > \"$0\"");
        assumeTrue(isSpawned(), "there are no user namespaces for this user");
        assertThat(Files.readString(directory.resolve("out"))).doesNotContain("\t0000000000000000");
        PlanBuilder dropping = new PlanBuilder().namespaces(PlanBuilder.CLONE_NEWUSER);
        dropping.dropCapabilities(lastCapability());
        dropping.noNewPrivileges();
        dropping.seccomp(filter(Syscall.CHDIR.number()));
        shell(dropping, "grep -E '^Cap' /proc/self/status > \"$0\"");
        assertThat(Files.readString(run(dropping)).lines())
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).endsWith("\t0000000000000000"));
    }

    private boolean isSpawned() throws Exception {
        try {
            run();
            return true;
        } catch (PlanFailure failure) {
            return false;
        }
    }

    @Test
    void capabilitiesAreSetByBit() throws Exception {
        assumeTrue(IdentityCalls.geteuid() == 0, "only root has capabilities");
        long some = 1L << 39 | 1;
        // what the bounding set lacks, an execution does not give back to root
        for (int capability = 1; capability <= lastCapability(); capability++) {
            if (capability != 39) {
                plan.dropBoundingCapability(capability);
            }
        }
        plan.capset(some, some, 0);
        shell("grep -E '^Cap(Eff|Prm)' /proc/self/status > \"$0\"");
        assertThat(Files.readString(run()).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).endsWith("\t0000008000000001"));
    }

    /** The bounding set is full but for what an environment took from it: the highest bit is the last capability. */
    private static int lastCapability() throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(Texts.signals(status, "CapBnd"));
    }

    private void shell(String script) {
        shell(plan, script);
    }

    private void shell(PlanBuilder builder, String script) {
        builder.restoreMask();
        builder.execve(
                bytes("/bin/sh"),
                list("sh", "-c", script, directory.resolve("out").toString()),
                list("PATH=/usr/bin:/bin"));
    }

    private Path run() throws Exception {
        return run(plan);
    }

    private Path run(PlanBuilder builder) throws Exception {
        try (SpawnedProcess process = ProcessCalls.spawn(builder.build())) {
            assertThat(process.waitFor()).isEqualTo(new SpawnStatus(0, 0));
        }
        return directory.resolve("out");
    }
}

package dev.velo.ffm;

import static dev.velo.ffm.Texts.bytes;
import static dev.velo.ffm.Texts.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.velo.ffm.PlanFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans as data: they are stored, read back, compared, printed, and refused when damaged. */
class PlanTest {
    private static PlanBuilder sample() {
        PlanBuilder plan = new PlanBuilder();
        plan.namespaces(PlanBuilder.CLONE_NEWNS).ignoreSignals(0x1000);
        PlanEntry made = plan.setup().mkdirat(PlanArgument.AT_FDCWD, bytes("/made"), 0755);
        plan.child().what("cannot show the tree");
        PlanEntry tree = plan.openTree(PlanArgument.AT_FDCWD, bytes("/a\"b"), MountCalls.OPEN_TREE_CLONE);
        plan.moveMount(tree.result(), bytes(""), PlanArgument.AT_FDCWD, bytes("/made"), 4);
        plan.rlimit(ProcessCalls.RLIMIT_NOFILE, 1024, -1);
        plan.what(null).restoreMask();
        plan.execSearch(bytes("ls"), list("ls", "-l"), list("A=1"), bytes("/x:/y"));
        plan.cleanup()
                .unlinkat(PlanArgument.AT_FDCWD, bytes("/made"), FileCalls.AT_REMOVEDIR)
                .onlyIf(made)
                .ignoringErrors();
        plan.beside().fadvise64(PlanArgument.of(3), 0, 4096, FileCalls.POSIX_FADV_WILLNEED);
        return plan;
    }

    @Test
    void isPrintedOneLinePerEntry() {
        assertThat(sample().build().describe()).isEqualTo("""
                namespaces 0x20000
                ignored signals 0x1000
                setup 0: mkdirat(-100, "/made", 493)
                child 1: open_tree(-100, "/a\\"b", 1) -- cannot show the tree
                child 2: move_mount(result of 1, "", -100, "/made", 4) -- cannot show the tree
                child 3: prlimit64(0, 7, bytes 0004000000000000ffffffffffffffff, 0) -- cannot show the tree
                child 4: rt_sigprocmask(2, the caller's mask, 0, 8)
                child 5: execve("/x/ls", ["ls", "-l"], environment of 1), else the next
                child 6: execve("/bin/sh", ["/bin/sh", "/x/ls", "-l"], environment of 1), after ENOEXEC
                child 7: execve("/y/ls", ["ls", "-l"], environment of 1), else the next
                child 8: execve("/bin/sh", ["/bin/sh", "/y/ls", "-l"], environment of 1), after ENOEXEC
                cleanup 9: unlinkat(-100, "/made", 512), errors ignored, if 0 succeeded
                beside 10: fadvise64(3, 0, 0x1000, 3)
                """);
    }

    @Test
    void isTheSameAfterStoring() throws Exception {
        Plan plan = sample().build();
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        plan.write(stored);
        Plan read = Plan.read(new ByteArrayInputStream(stored.toByteArray()));
        assertThat(read).isEqualTo(plan).hasSameHashCodeAs(plan);
        assertThat(read.describe()).isEqualTo(plan.describe());
    }

    @Test
    void equalCallsMakeEqualPlansAndOthersDoNot() {
        PlanBuilder other = sample();
        other.close(PlanArgument.of(3));
        assertThat(sample().build()).isEqualTo(sample().build()).isNotEqualTo(other.build());
    }

    @Test
    void aResultMustComeFromBefore() {
        PlanBuilder plan = new PlanBuilder();
        PlanEntry cleanup = plan.cleanup().chdir(bytes("/"));
        plan.child().close(cleanup.result());
        assertThatIllegalArgumentException().isThrownBy(plan::build).withMessageContaining("not before it");
    }

    @Test
    void aStringWithNulIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PlanBuilder().chdir(new byte[] {'a', 0, 'b'}));
    }

    @Test
    void onlyNamespacesAreAskedOfTheClone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PlanBuilder().namespaces(0x400 /* CLONE_FILES */));
    }

    @Test
    void searchesAsExecvpDoes() {
        assertThat(PlanCalls.candidates(bytes("a/b"), bytes("/x"))).containsExactly(bytes("a/b"));
        assertThat(PlanCalls.candidates(bytes("a"), bytes("/x::/y:")))
                .containsExactly(bytes("/x/a"), bytes("./a"), bytes("/y/a"), bytes("./a"));
    }

    static Stream<Arguments> defects() {
        int entry = PlanLayout.entryAt(1);
        return Stream.of(
                defect(Reason.BAD_MAGIC, in -> in.put(0, (byte) 'X')),
                defect(Reason.BAD_VERSION, in -> in.putInt(PlanLayout.VERSION_AT, PlanLayout.VERSION + 1)),
                defect(Reason.BAD_MACHINE, in -> in.putInt(PlanLayout.MACHINE_AT, 3)),
                defect(Reason.TRUNCATED, in -> in.putInt(PlanLayout.SIZE_AT, in.limit() + 8)),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(PlanLayout.CHILD_COUNT_AT, 1 << 24)),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(PlanLayout.CHILD_COUNT_AT, -1)),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(PlanLayout.BESIDE_COUNT_AT, 1 << 24)),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(PlanLayout.RELOCATION_COUNT_AT, 1 << 24)),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(PlanLayout.RELOCATIONS_AT, 8)),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(PlanLayout.ERRNO_TEXTS_AT, in.limit())),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(entry + PlanLayout.WHAT_AT, in.limit())),
                defect(Reason.BAD_BOUNDS, in -> in.putInt(entry + PlanLayout.PATH_AT, 4)),
                defect(Reason.BAD_BOUNDS, in -> in.putLong(entry + PlanLayout.ARGUMENT_AT + 8, in.limit())),
                defect(Reason.BAD_NAMESPACES, in -> in.putLong(PlanLayout.CLONE_FLAGS_AT, 0x400)),
                defect(Reason.BAD_ENTRY, in -> in.putInt(entry, 9999)),
                defect(Reason.BAD_ENTRY, in -> in.putInt(entry + PlanLayout.NAME_AT, 0)),
                defect(
                        Reason.BAD_ENTRY,
                        in -> in.putShort(entry + PlanLayout.FLAGS_AT, (short) (PlanLayout.ALL_FLAGS + 1))),
                defect(Reason.BAD_ENTRY, in -> in.put(entry + PlanLayout.RESULTS_AT, (byte) 64)),
                defect(Reason.BAD_ENTRY, in -> in.put(entry + PlanLayout.RESULTS_AT, (byte) 1)),
                defect(Reason.BAD_ENTRY, in -> in.put(entry + PlanLayout.ARGUMENT_COUNT_AT, (byte) 7)),
                defect(Reason.BAD_ENTRY, in -> in.putInt(entry + PlanLayout.REQUIRES_AT, 2)),
                defect(Reason.NOT_FRESH, in -> in.putInt(PlanLayout.FAILED_ENTRY_AT, 0)),
                defect(Reason.NOT_FRESH, in -> in.putLong(PlanLayout.BASE_AT, 4096)),
                defect(Reason.NOT_FRESH, in -> in.putLong(entry + PlanLayout.RESULT_AT, 0)),
                defect(Reason.BAD_RELOCATION, in -> in.putInt(in.getInt(PlanLayout.RELOCATIONS_AT), 0)),
                defect(Reason.BAD_RELOCATION, in -> in.putInt(in.getInt(PlanLayout.RELOCATIONS_AT), entry)),
                defect(Reason.BAD_TEXT, in -> {
                    int from = in.getInt(PlanLayout.PREFIX_AT);
                    in.put(from, new byte[in.limit() - from]);
                    for (int i = from; i < in.limit(); i++) {
                        in.put(i, (byte) 'x');
                    }
                }));
    }

    private static Arguments defect(Reason reason, Consumer<ByteBuffer> damage) {
        return Arguments.of(reason, damage);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void isRefusedWithTheReason(Reason reason, Consumer<ByteBuffer> damage) {
        byte[] bytes = sample().build().toBytes();
        damage.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        assertThatExceptionOfType(PlanFormatException.class)
                .isThrownBy(() -> Plan.of(bytes))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void isRefusedAtEveryOtherLength() {
        byte[] bytes = sample().build().toBytes();
        for (int length = 0; length < bytes.length; length += 7) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(PlanFormatException.class).isThrownBy(() -> Plan.of(cut));
        }
    }
}

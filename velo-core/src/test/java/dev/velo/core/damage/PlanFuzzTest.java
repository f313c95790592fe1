package dev.velo.core.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.Fuzz;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.Plan;
import dev.velo.ffm.PlanArgument;
import dev.velo.ffm.PlanBuilder;
import dev.velo.ffm.PlanEntry;
import dev.velo.ffm.PlanFormatException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a plan's bytes are, it is refused or can be told; nobody runs it here. */
class PlanFuzzTest {
    private static byte[] bytes(String text) {
        return PathBytes.of(text);
    }

    private static Plan seed() {
        PlanBuilder plan = new PlanBuilder();
        plan.namespaces(PlanBuilder.CLONE_NEWNS).ignoreSignals(0x1000);
        PlanEntry made = plan.setup().mkdirat(PlanArgument.AT_FDCWD, bytes("/made"), 0755);
        plan.child().what("cannot show the tree");
        PlanEntry tree = plan.openTree(PlanArgument.AT_FDCWD, bytes("/from"), MountCalls.OPEN_TREE_CLONE);
        plan.moveMount(tree.result(), bytes(""), PlanArgument.AT_FDCWD, bytes("/made"), 4);
        plan.what(null).restoreMask();
        plan.execSearch(bytes("ls"), List.of(bytes("ls"), bytes("-l")), List.of(bytes("A=1")), bytes("/x:/y"));
        plan.cleanup()
                .unlinkat(PlanArgument.AT_FDCWD, bytes("/made"), FileCalls.AT_REMOVEDIR)
                .onlyIf(made)
                .ignoringErrors();
        return plan.build();
    }

    @Test
    void plans() throws IOException {
        Fuzz.of("plan").with(seed().toBytes()).run(input -> {
            try {
                assertThat(Plan.of(input).describe()).isNotNull();
            } catch (PlanFormatException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        });
    }
}

package dev.velo.core.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Limits as values, and the words for what became of them. */
class ResourceLimitsTest {
    private static final LimitDecision MEMORY = new LimitDecision(LimitedResource.MEMORY, LimitMechanism.CGROUP_V1, "");
    private static final LimitDecision PIDS = new LimitDecision(LimitedResource.PIDS, LimitMechanism.CGROUP_V2, "");
    private static final LimitDecision CPU =
            new LimitDecision(LimitedResource.CPU, LimitMechanism.AFFINITY, "2 whole processors");

    @Test
    void whatNoCommandCanRunWithIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResourceLimits.NONE.withMemory(4096))
                .withMessage("a limit of 4096 bytes of memory is too small, give at least 1 MiB");
        assertThatIllegalArgumentException().isThrownBy(() -> ResourceLimits.NONE.withPids(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ResourceLimits.NONE.withCpu(0.001));
        assertThatIllegalArgumentException().isThrownBy(() -> ResourceLimits.NONE.withCpu(Double.NaN));
    }

    @Test
    void onlyWhatIsWantedIsLimited() {
        assertThat(ResourceLimits.NONE.resources()).isEmpty();
        assertThat(ResourceLimits.NONE.withCpu(1.5).withMemory(1 << 20).resources())
                .containsExactly(LimitedResource.MEMORY, LimitedResource.CPU);
    }

    @Test
    void theReportTellsWhatWasReached() {
        LimitReport report = report("# memory\noom_kill_disable 0\nunder_oom 0\noom_kill 2\n# pids\nmax 1\n");
        assertThat(report.text()).isEqualTo("""
                memory: cgroup v1: 2 processes killed
                pids: cgroup v2: 1 process or thread refused
                cpu: affinity: 2 whole processors""");
        assertThat(report.outcomes()).extracting(LimitOutcome::isReached).containsExactly(true, true, false);
    }

    @Test
    void theReportOfARunWithinItsLimitsNamesTheMechanisms() {
        assertThat(report("# memory\nlow 0\nmax 3\noom_kill 0\n# pids\nmax 0\n").text())
                .isEqualTo("""
                memory: cgroup v1
                pids: cgroup v2
                cpu: affinity: 2 whole processors""");
    }

    @Test
    void withoutResultsNothingIsKnown() {
        assertThat(report("").outcomes()).extracting(LimitOutcome::reached).containsOnly(OptionalLong.empty());
    }

    private static LimitReport report(String results) {
        return LimitReport.of(List.of(MEMORY, PIDS, CPU), results.getBytes(StandardCharsets.US_ASCII));
    }
}

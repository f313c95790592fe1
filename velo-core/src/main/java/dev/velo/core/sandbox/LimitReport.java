package dev.velo.core.sandbox;

import dev.velo.core.tree.PathBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What became of the limits of a run, as its cgroups told before they were removed. */
public record LimitReport(List<LimitOutcome> outcomes) {
    private static final String HEADING = "# ";

    public LimitReport {
        outcomes = List.copyOf(outcomes);
    }

    /** One line for each limit. */
    public String text() {
        return outcomes.stream().map(LimitOutcome::text).collect(Collectors.joining("\n"));
    }

    /** What stands before the events of a resource's cgroup in the results of a run. */
    static byte[] heading(LimitedResource resource) {
        return PathBytes.of(HEADING + resource.text() + "\n");
    }

    static LimitReport of(List<LimitDecision> decisions, byte[] results) {
        Map<LimitedResource, Long> counts = counts(new String(results, StandardCharsets.ISO_8859_1));
        List<LimitOutcome> outcomes = new ArrayList<>();
        for (LimitDecision decision : decisions) {
            Long count = counts.get(decision.resource());
            outcomes.add(new LimitOutcome(decision, count == null ? OptionalLong.empty() : OptionalLong.of(count)));
        }
        return new LimitReport(outcomes);
    }

    private static Map<LimitedResource, Long> counts(String results) {
        Map<LimitedResource, Long> counts = new EnumMap<>(LimitedResource.class);
        String heading = "";
        for (String line : results.lines().toList()) {
            if (line.startsWith(HEADING)) {
                heading = line;
                continue;
            }
            for (LimitedResource resource : LimitedResource.values()) {
                String key = counter(resource) + " ";
                if (heading.equals(HEADING + resource.text()) && line.startsWith(key)) {
                    counts.put(
                            resource,
                            Long.parseLong(line.substring(key.length()).strip()));
                }
            }
        }
        return counts;
    }

    /** The key that both versions of cgroups have for it. */
    private static String counter(LimitedResource resource) {
        return switch (resource) {
            case MEMORY -> "oom_kill";
            case PIDS -> "max";
            case CPU -> "nr_throttled";
        };
    }
}

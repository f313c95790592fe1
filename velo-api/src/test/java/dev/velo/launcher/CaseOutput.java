package dev.velo.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a program of cases has printed: the lines of each case. */
record CaseOutput(Map<String, List<String>> cases) {
    private static final String HEADING = "== ";
    private static final String CANNOT = "not in this libc";
    private static final Pattern ABSENT = Pattern.compile("[a-z0-9_]+ is not there");

    static CaseOutput of(String output) {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : output.split("\n", -1)) {
            if (line.startsWith(HEADING)) {
                lines = new ArrayList<>();
                cases.put(line.substring(HEADING.length()), lines);
            } else {
                lines.add(line);
            }
        }
        return new CaseOutput(cases);
    }

    /** The lines in which cases differ, each with the name of its case; without those cases, and those that this libc cannot run. */
    List<String> differences(CaseOutput other, Set<String> without) {
        List<String> found = new ArrayList<>();
        for (String name : cases.keySet()) {
            List<String> own = cases.get(name);
            if (own.isEmpty()
                    || own.stream()
                            .anyMatch(line ->
                                    line.equals(CANNOT) || ABSENT.matcher(line).matches())) {
                continue;
            }
            List<String> others = other.cases.getOrDefault(name, List.of("(did not run)"));
            for (int i = 0; !without.contains(name) && i < Math.max(own.size(), others.size()); i++) {
                String here = i < own.size() ? own.get(i) : "(nothing)";
                String there = i < others.size() ? others.get(i) : "(nothing)";
                if (!here.equals(there)) {
                    found.add(name + ": " + here + " | " + there);
                }
            }
        }
        return found;
    }
}

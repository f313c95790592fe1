package dev.velo.launcher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that the doctor looked at.
 *
 * @param name what was looked at, one word
 * @param fact what was found
 * @param remedy what helps; empty where nothing is to be done, or the fact says it
 */
record Finding(Verdict verdict, String name, String fact, String remedy) {
    /** How it is. */
    enum Verdict {
        OK,
        /** It is not to be had. */
        NO,
        /** It works, and somebody should look at it. */
        WARN
    }

    static Finding ok(String name, String fact) {
        return new Finding(Verdict.OK, name, fact, "");
    }

    static Finding no(String name, String fact, String remedy) {
        return new Finding(Verdict.NO, name, fact, remedy);
    }

    static Finding warn(String name, String fact, String remedy) {
        return new Finding(Verdict.WARN, name, fact, remedy);
    }

    String line() {
        return String.format(
                "%-4s %-10s %s", Terminal.lower(verdict), name, remedy.isEmpty() ? fact : fact + "; " + remedy);
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", Terminal.lower(verdict));
        fields.put("name", name);
        fields.put("fact", fact);
        fields.put("remedy", remedy);
        return fields;
    }
}

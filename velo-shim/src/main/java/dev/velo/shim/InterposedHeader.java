package dev.velo.shim;

import java.util.List;
import java.util.stream.Stream;

/** {@code interposed.h}: numbers and names of the functions behind the wrappers. */
final class InterposedHeader {
    private InterposedHeader() {}

    /** The whole file. */
    static String text(List<Interposed> functions, List<String> called) {
        List<String> names = Stream.concat(functions.stream().map(Interposed::name), called.stream())
                .toList();
        StringBuilder text = new StringBuilder();
        text.append(
                        "/* Printed by dev.velo.shim.InterposedHeader from the list in dev.velo.shim.Interposed. Do not edit. */\n")
                .append("#ifndef VELO_INTERPOSED_H\n#define VELO_INTERPOSED_H\n\n#include <stdint.h>\n\n");
        text.append("/* Numbers for velo_next: the wrapped functions, and some that are only called. */\nenum {\n");
        names.forEach(name -> text.append("\tVELO_NEXT_").append(name).append(",\n"));
        text.append("\tVELO_NEXT_COUNT\n};\n\n");
        text.append(
                        "/* Their names, one after the other, and where each begins: nothing that has to be relocated. */\n")
                .append("extern const char velo_next_names[];\n")
                .append("extern const uint16_t velo_next_starts[VELO_NEXT_COUNT];\n\n")
                .append("static inline const char *velo_next_name(int number)\n{\n")
                .append("\treturn velo_next_names + velo_next_starts[number];\n}\n\n#endif\n");
        return text.toString();
    }
}

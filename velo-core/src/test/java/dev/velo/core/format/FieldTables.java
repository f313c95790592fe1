package dev.velo.core.format;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.util.Map;
import java.util.Objects;

/** The field tables of {@code docs/format}, made from the layouts: what the pages say about offsets is what the code does. */
final class FieldTables {
    private FieldTables() {}

    /** One row for each field of the layout; every field must have a meaning. */
    static String render(StructLayout layout, Map<String, String> meanings) {
        StringBuilder table =
                new StringBuilder("| offset | bytes | field | type | meaning |\n|---:|---:|---|---|---|\n");
        long offset = 0;
        for (MemoryLayout member : layout.memberLayouts()) {
            boolean padding = member instanceof PaddingLayout;
            String name = padding ? "—" : "`" + member.name().orElseThrow() + "`";
            String meaning = padding
                    ? "reserved, zero"
                    : Objects.requireNonNull(meanings.get(member.name().orElseThrow()), name);
            table.append(String.format(
                    "| %d | %d | %s | %s | %s |\n", offset, member.byteSize(), name, type(member), meaning));
            offset += member.byteSize();
        }
        return table.append(String.format("\n%d bytes in all.\n", layout.byteSize()))
                .toString();
    }

    private static String type(MemoryLayout member) {
        if (member instanceof PaddingLayout || member instanceof SequenceLayout) {
            return "bytes";
        }
        return "u" + 8 * member.byteSize();
    }
}

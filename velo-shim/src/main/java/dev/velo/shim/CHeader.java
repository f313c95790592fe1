package dev.velo.shim;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;

/** Text of a C header: constants, and structs whose sizes and offsets the compiler asserts. */
final class CHeader {
    private final StringBuilder text = new StringBuilder();

    /** Lines of a comment. */
    void comment(String... lines) {
        if (lines.length == 1) {
            text.append("/* ").append(lines[0]).append(" */\n");
            return;
        }
        text.append("/*\n");
        for (String line : lines) {
            text.append(" * ").append(line).append('\n');
        }
        text.append(" */\n");
    }

    void line(String line) {
        text.append(line).append('\n');
    }

    void blank() {
        text.append('\n');
    }

    void decimal(String name, int value) {
        define(name, Integer.toString(value));
    }

    /** An unsigned word of 32 bits. */
    void word(String name, int value) {
        define(name, String.format("0x%08xu", value));
    }

    /** An unsigned word of 64 bits. */
    void longWord(String name, long value) {
        define(name, String.format("0x%016xull", value));
    }

    private void define(String name, String value) {
        text.append("#define ").append(name).append(' ').append(value).append('\n');
    }

    /** The struct of a layout, which may be read at any address. */
    void struct(String name, StructLayout layout) {
        StringBuilder fields = new StringBuilder();
        StringBuilder asserts = new StringBuilder();
        long offset = 0;
        int paddings = 0;
        for (MemoryLayout member : layout.memberLayouts()) {
            String field;
            if (member instanceof PaddingLayout) {
                paddings++;
                field = "reserved" + paddings;
            } else {
                field = member.name().orElseThrow();
            }
            fields.append('\t').append(declaration(member, field)).append(";\n");
            asserts.append(String.format(
                    "_Static_assert(offsetof(struct %s, %s) == %d, \"%s\");\n", name, field, offset, field));
            offset += member.byteSize();
        }
        text.append("struct __attribute__((packed, aligned(1))) ").append(name).append(" {\n");
        text.append(fields).append("};\n");
        text.append(String.format("_Static_assert(sizeof(struct %s) == %d, \"%s\");\n", name, layout.byteSize(), name));
        text.append(asserts);
    }

    private static String declaration(MemoryLayout member, String field) {
        if (member instanceof PaddingLayout || member instanceof SequenceLayout) {
            return "uint8_t " + field + "[" + member.byteSize() + "]";
        }
        return "uint" + 8 * member.byteSize() + "_t " + field;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

package dev.velo.ffm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A plan as text for people. What an argument points to is told from the relocation table, the data itself has no types. */
final class PlanDescription {
    private static final String[] SECTIONS = {"setup", "child", "cleanup", "beside"};
    private static final int[] COUNTS = {
        PlanLayout.SETUP_COUNT_AT, PlanLayout.CHILD_COUNT_AT, PlanLayout.CLEANUP_COUNT_AT, PlanLayout.BESIDE_COUNT_AT
    };
    private static final int LONGEST_ARRAY = 16;
    private static final int LONGEST_DATA = 64;
    private static final int SHOWN_DATA = 16;

    /** Where execve has its environment, which may hold secrets. */
    private static final int ENVIRONMENT = 2;

    private final Plan plan;
    private final ByteBuffer in;
    private final NavigableSet<Integer> slots = new TreeSet<>();
    private final NavigableSet<Integer> objects = new TreeSet<>();

    PlanDescription(Plan plan) {
        this.plan = plan;
        this.in = plan.view();
        int table = in.getInt(PlanLayout.RELOCATIONS_AT);
        for (int i = 0; i < in.getInt(PlanLayout.RELOCATION_COUNT_AT); i++) {
            int slot = in.getInt(table + i * Integer.BYTES);
            slots.add(slot);
            objects.add((int) in.getLong(slot));
        }
        for (int i = 0; i < plan.entryCount(); i++) {
            int at = PlanLayout.entryAt(i);
            objects.add(in.getInt(at + PlanLayout.NAME_AT));
            objects.add(in.getInt(at + PlanLayout.PATH_AT));
            objects.add(in.getInt(at + PlanLayout.WHAT_AT));
        }
        objects.add(in.getInt(PlanLayout.PREFIX_AT));
        objects.add(in.getInt(PlanLayout.READY_FAILURE_AT));
        objects.add(in.getInt(PlanLayout.ERRNO_TEXTS_AT));
        objects.add(table);
    }

    String text() {
        StringBuilder out = new StringBuilder();
        long flags = in.getLong(PlanLayout.CLONE_FLAGS_AT);
        if (flags != 0) {
            out.append("namespaces 0x").append(Long.toHexString(flags)).append('\n');
        }
        long ignored = in.getLong(PlanLayout.IGNORED_SIGNALS_AT);
        if (ignored != 0) {
            out.append("ignored signals 0x").append(Long.toHexString(ignored)).append('\n');
        }
        int ready = in.getInt(PlanLayout.READY_READ_AT);
        if (ready >= 0) {
            out.append("ready when told by descriptor ").append(ready).append('\n');
        }
        if (plan.hasKeeper()) {
            out.append("cleanup by a keeper\n");
        }
        int index = 0;
        for (int section = 0; section < SECTIONS.length; section++) {
            for (int i = 0; i < in.getInt(COUNTS[section]); i++) {
                entry(out.append(SECTIONS[section]).append(' '), index++);
            }
        }
        return out.toString();
    }

    private void entry(StringBuilder out, int index) {
        int at = PlanLayout.entryAt(index);
        out.append(index).append(": ").append(plan.text(in.getInt(at + PlanLayout.NAME_AT)));
        for (int i = 0; i < in.get(at + PlanLayout.ARGUMENT_COUNT_AT); i++) {
            out.append(i == 0 ? "(" : ", ");
            if (i == ENVIRONMENT && (flagsOf(at) & PlanLayout.EXECUTES) != 0) {
                out.append("environment of ")
                        .append(arrayLength((int) in.getLong(at + PlanLayout.ARGUMENT_AT + i * Long.BYTES)));
            } else {
                argument(out, at, i);
            }
        }
        out.append(in.get(at + PlanLayout.ARGUMENT_COUNT_AT) == 0 ? "()" : ")");
        int flags = flagsOf(at);
        out.append((flags & PlanLayout.IGNORE) != 0 ? ", errors ignored" : "");
        out.append((flags & PlanLayout.TRY) != 0 ? ", else the next" : "");
        out.append((flags & PlanLayout.AFTER_ENOEXEC) != 0 ? ", after ENOEXEC" : "");
        out.append((flags & PlanLayout.RETRY_BUSY) != 0 ? ", again while busy" : "");
        int requires = in.getInt(at + PlanLayout.REQUIRES_AT);
        out.append(requires == 0 ? "" : ", if " + (requires - 1) + " succeeded");
        String what = plan.text(in.getInt(at + PlanLayout.WHAT_AT));
        out.append(what.isEmpty() ? "" : " -- " + what).append('\n');
    }

    private int flagsOf(int entry) {
        return in.getShort(entry + PlanLayout.FLAGS_AT);
    }

    private int arrayLength(int offset) {
        int count = 0;
        for (int slot = offset; slots.contains(slot); slot += Long.BYTES) {
            count++;
        }
        return count;
    }

    private void argument(StringBuilder out, int entry, int i) {
        int slot = entry + PlanLayout.ARGUMENT_AT + i * Long.BYTES;
        if ((in.get(entry + PlanLayout.RESULTS_AT) >> i & 1) != 0) {
            out.append("result of ").append(in.getLong(slot));
        } else {
            field(out, slot);
        }
    }

    private void pointee(StringBuilder out, int offset) {
        if (offset < PlanLayout.HEADER_BYTES) {
            out.append("the caller's mask");
        } else if (slots.contains(offset)) {
            array(out, offset);
        } else if (isStructure(offset)) {
            fields(out, offset);
        } else {
            data(out, offset);
        }
    }

    /** Whether there is a pointer in what stands here. */
    private boolean isStructure(int offset) {
        Integer slot = slots.higher(offset);
        return slot != null && slot < endOf(offset);
    }

    private void fields(StringBuilder out, int offset) {
        int end = endOf(offset);
        for (int slot = offset; slot < end; slot += Long.BYTES) {
            out.append(slot == offset ? "{" : ", ");
            field(out, slot);
        }
        out.append('}');
    }

    private void field(StringBuilder out, int slot) {
        long value = in.getLong(slot);
        if (slots.contains(slot)) {
            pointee(out, (int) value);
        } else {
            out.append(Math.abs(value) < 4096 ? Long.toString(value) : "0x" + Long.toHexString(value));
        }
    }

    /** What stands at an offset reaches to what stands behind, padding included. */
    private int endOf(int offset) {
        Integer next = objects.higher(offset);
        return next == null ? in.limit() : next;
    }

    private void array(StringBuilder out, int offset) {
        out.append('[');
        int count = 0;
        for (int slot = offset; slots.contains(slot) && count <= LONGEST_ARRAY; slot += Long.BYTES, count++) {
            out.append(count == 0 ? "" : ", ");
            if (count == LONGEST_ARRAY) {
                out.append("...");
            } else {
                data(out, (int) in.getLong(slot));
            }
        }
        out.append(']');
    }

    /** A string if only its end is NUL, else hexadecimal digits, the first ones. */
    private void data(StringBuilder out, int offset) {
        byte[] bytes = new byte[endOf(offset) - offset];
        in.get(offset, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        boolean text = length < bytes.length;
        for (int i = 0; i < bytes.length; i++) {
            text &= i < length ? bytes[i] < 0 || bytes[i] >= ' ' || Character.isWhitespace(bytes[i]) : bytes[i] == 0;
        }
        if (text) {
            quote(out, new String(bytes, 0, length, StandardCharsets.UTF_8));
        } else {
            int shown = bytes.length <= LONGEST_DATA ? bytes.length : SHOWN_DATA;
            out.append("bytes ").append(HexFormat.of().formatHex(bytes, 0, shown));
            out.append(shown < bytes.length ? "... (" + bytes.length + " in all)" : "");
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c)) {
                out.append(String.format("\\x%02x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        out.append('"');
    }
}

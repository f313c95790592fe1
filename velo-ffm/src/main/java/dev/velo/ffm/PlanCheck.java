package dev.velo.ffm;

import dev.velo.ffm.PlanFormatException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Checks bytes from elsewhere before they are taken for a plan: the C code that runs it trusts every offset in it. */
final class PlanCheck {
    private final ByteBuffer in;
    private int entriesEnd;

    PlanCheck(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    void check() {
        header();
        int count = counts();
        for (int i = 0; i < count; i++) {
            entry(i);
        }
        text(PlanLayout.PREFIX_AT);
        text(PlanLayout.READY_FAILURE_AT);
        text(PlanLayout.TIME_FAILURE_AT);
        errnoTexts();
        relocations();
    }

    private void header() {
        require(in.limit() >= PlanLayout.HEADER_BYTES, Reason.TRUNCATED, in.limit());
        require(in.getLong(0) == PlanLayout.MAGIC, Reason.BAD_MAGIC, 0);
        requireInt(PlanLayout.VERSION_AT, PlanLayout.VERSION, Reason.BAD_VERSION);
        requireInt(PlanLayout.MACHINE_AT, PlanLayout.machine(), Reason.BAD_MACHINE);
        requireInt(PlanLayout.SIZE_AT, in.limit(), Reason.TRUNCATED);
        requireInt(PlanLayout.FAILED_ENTRY_AT, PlanLayout.NO_ENTRY, Reason.NOT_FRESH);
        require(in.getLong(PlanLayout.BASE_AT) == 0, Reason.NOT_FRESH, PlanLayout.BASE_AT);
        long flags = in.getLong(PlanLayout.CLONE_FLAGS_AT);
        require((flags & ~PlanBuilder.NAMESPACES) == 0, Reason.BAD_NAMESPACES, PlanLayout.CLONE_FLAGS_AT);
    }

    private int counts() {
        long count = unsigned(PlanLayout.SETUP_COUNT_AT)
                + unsigned(PlanLayout.CHILD_COUNT_AT)
                + unsigned(PlanLayout.CLEANUP_COUNT_AT)
                + unsigned(PlanLayout.BESIDE_COUNT_AT);
        long end = PlanLayout.HEADER_BYTES + count * PlanLayout.ENTRY_BYTES;
        require(end <= in.limit(), Reason.BAD_BOUNDS, PlanLayout.SETUP_COUNT_AT);
        entriesEnd = (int) end;
        return (int) count;
    }

    private void entry(int index) {
        int at = PlanLayout.entryAt(index);
        int name = text(at + PlanLayout.NAME_AT);
        require(name != 0 && numberOf(name) == in.getInt(at), Reason.BAD_ENTRY, at);
        int flags = in.getShort(at + PlanLayout.FLAGS_AT);
        require((flags & ~PlanLayout.ALL_FLAGS) == 0, Reason.BAD_ENTRY, at + PlanLayout.FLAGS_AT);
        int results = in.get(at + PlanLayout.RESULTS_AT);
        require(results >> PlanLayout.ARGUMENTS == 0, Reason.BAD_ENTRY, at + PlanLayout.RESULTS_AT);
        for (int i = 0; i < PlanLayout.ARGUMENTS; i++) {
            int slot = at + PlanLayout.ARGUMENT_AT + i * Long.BYTES;
            long value = in.getLong(slot);
            require((results >> i & 1) == 0 || (value >= 0 && value < index), Reason.BAD_ENTRY, slot);
        }
        int count = in.get(at + PlanLayout.ARGUMENT_COUNT_AT);
        require(count >= 0 && count <= PlanLayout.ARGUMENTS, Reason.BAD_ENTRY, at + PlanLayout.ARGUMENT_COUNT_AT);
        text(at + PlanLayout.PATH_AT);
        text(at + PlanLayout.WHAT_AT);
        long requires = unsigned(at + PlanLayout.REQUIRES_AT);
        require(requires <= index, Reason.BAD_ENTRY, at + PlanLayout.REQUIRES_AT);
        require(in.getLong(at + PlanLayout.RESULT_AT) == -1, Reason.NOT_FRESH, at + PlanLayout.RESULT_AT);
    }

    private int numberOf(int name) {
        StringBuilder text = new StringBuilder();
        for (int i = name; in.get(i) != 0; i++) {
            text.append((char) (in.get(i) & 0xff));
        }
        try {
            return Syscall.valueOf(text.toString().toUpperCase(Locale.ROOT)).number();
        } catch (IllegalArgumentException unknown) {
            return -1;
        }
    }

    private void errnoTexts() {
        int at = in.getInt(PlanLayout.ERRNO_TEXTS_AT);
        if (at == 0) {
            return;
        }
        boolean inside = at >= entriesEnd && at <= in.limit() - Integer.BYTES && at % Integer.BYTES == 0;
        require(inside, Reason.BAD_BOUNDS, PlanLayout.ERRNO_TEXTS_AT);
        require(at + (unsigned(at) + 1) * Integer.BYTES <= in.limit(), Reason.BAD_BOUNDS, at);
        for (int i = 1; i <= in.getInt(at); i++) {
            text(at + i * Integer.BYTES);
        }
    }

    /** Every position holds a pointer of an entry or of a structure or array behind the entries, once, and it points into the plan. */
    private void relocations() {
        long table = unsigned(PlanLayout.RELOCATIONS_AT);
        long count = unsigned(PlanLayout.RELOCATION_COUNT_AT);
        boolean inside = table >= entriesEnd && table % Integer.BYTES == 0;
        require(inside && table + count * Integer.BYTES <= in.limit(), Reason.BAD_BOUNDS, PlanLayout.RELOCATIONS_AT);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int at = (int) table + i * Integer.BYTES;
            int position = in.getInt(at);
            require(isSlot(position, table) && seen.add(position), Reason.BAD_RELOCATION, at);
            long target = in.getLong(position);
            require(target >= 0 && target < in.limit(), Reason.BAD_BOUNDS, position);
        }
    }

    private boolean isSlot(int position, long table) {
        if (position % Long.BYTES != 0 || position < PlanLayout.HEADER_BYTES || position > table - Long.BYTES) {
            return false;
        }
        if (position >= entriesEnd) {
            return true;
        }
        int entry = (position - PlanLayout.HEADER_BYTES) / PlanLayout.ENTRY_BYTES;
        int argument = position - PlanLayout.entryAt(entry) - PlanLayout.ARGUMENT_AT;
        int results = in.get(PlanLayout.entryAt(entry) + PlanLayout.RESULTS_AT);
        return argument >= 0
                && argument < PlanLayout.ARGUMENTS * Long.BYTES
                && (results >> (argument / Long.BYTES) & 1) == 0;
    }

    /** Checks the text that the field at this position names, and returns its offset; 0 means none. */
    private int text(int position) {
        int offset = in.getInt(position);
        if (offset == 0) {
            return 0;
        }
        require(offset >= entriesEnd && offset < in.limit(), Reason.BAD_BOUNDS, position);
        int end = offset;
        while (end < in.limit() && in.get(end) != 0) {
            end++;
        }
        require(end < in.limit(), Reason.BAD_TEXT, position);
        return offset;
    }

    private long unsigned(int position) {
        return Integer.toUnsignedLong(in.getInt(position));
    }

    private void requireInt(int position, int expected, Reason reason) {
        require(in.getInt(position) == expected, reason, position);
    }

    private static void require(boolean condition, Reason reason, long offset) {
        if (!condition) {
            throw new PlanFormatException(reason, offset);
        }
    }
}

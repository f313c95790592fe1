package dev.velo.ffm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays a plan out: places what entries point to behind them and notes every pointer. Used once. */
final class PlanEncoder {
    private final PlanBuilder plan;
    private final List<PlanEntry> entries = new ArrayList<>();
    private final Map<PlanEntry, Integer> indexes = new HashMap<>();
    private final Map<Contents, Integer> strings = new HashMap<>();
    private final Map<String, Integer> texts = new HashMap<>();
    private final Map<PlanArgument, Integer> placed = new HashMap<>();
    private final List<Integer> relocations = new ArrayList<>();
    private ByteBuffer out;

    /** Bytes as a key; a buffer would take its time over each one of them. */
    @SuppressWarnings("ArrayRecordComponent") // compared by its contents
    private record Contents(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Contents contents && Arrays.equals(bytes, contents.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    PlanEncoder(PlanBuilder plan) {
        this.plan = plan;
        for (PlanBuilder.Section section : PlanBuilder.Section.values()) {
            entries.addAll(plan.entries(section));
        }
        for (int i = 0; i < entries.size(); i++) {
            indexes.put(entries.get(i), i);
        }
        this.out = buffer(PlanLayout.entryAt(entries.size()) + 8192).position(PlanLayout.entryAt(entries.size()));
    }

    byte[] encode() {
        for (int i = 0; i < entries.size(); i++) {
            entry(i, entries.get(i));
        }
        int errnoTexts = errnoTexts();
        int prefix = text(plan.prefix);
        PlanBuilder.Readiness ready = plan.readiness;
        int readyFailure = ready == null ? 0 : text(ready.failure());
        PlanBuilder.TimeLimit time = plan.timeLimit;
        int timeFailure = time == null ? 0 : text(time.failure());
        int table = align(8);
        for (int position : relocations) {
            room(4).putInt(position);
        }
        int size = align(8);
        out.putLong(0, PlanLayout.MAGIC)
                .putInt(PlanLayout.VERSION_AT, PlanLayout.VERSION)
                .putInt(PlanLayout.MACHINE_AT, PlanLayout.machine())
                .putInt(PlanLayout.SIZE_AT, size)
                .putInt(PlanLayout.SETUP_COUNT_AT, count(PlanBuilder.Section.SETUP))
                .putInt(PlanLayout.CHILD_COUNT_AT, count(PlanBuilder.Section.CHILD))
                .putInt(PlanLayout.CLEANUP_COUNT_AT, count(PlanBuilder.Section.CLEANUP))
                .putInt(PlanLayout.BESIDE_COUNT_AT, count(PlanBuilder.Section.BESIDE))
                .putInt(PlanLayout.RELOCATIONS_AT, table)
                .putInt(PlanLayout.RELOCATION_COUNT_AT, relocations.size())
                .putInt(PlanLayout.ERRNO_TEXTS_AT, errnoTexts)
                .putInt(PlanLayout.PREFIX_AT, prefix)
                .putLong(PlanLayout.CLONE_FLAGS_AT, plan.cloneFlags)
                .putLong(PlanLayout.IGNORED_SIGNALS_AT, plan.ignoredSignals)
                .putInt(PlanLayout.OPTIONS_AT, options())
                .putInt(PlanLayout.READY_READ_AT, ready == null ? -1 : ready.read())
                .putInt(PlanLayout.READY_WRITE_AT, ready == null ? -1 : ready.write())
                .putInt(PlanLayout.READY_LIMIT_AT, ready == null ? 0 : ready.limitMillis())
                .putInt(PlanLayout.READY_FAILURE_AT, readyFailure)
                .putInt(PlanLayout.LIFE_AT, plan.life)
                .putInt(PlanLayout.TIME_LIMIT_AT, time == null ? 0 : time.millis())
                .putInt(PlanLayout.TIME_FAILURE_AT, timeFailure)
                .putInt(PlanLayout.FAILED_ENTRY_AT, PlanLayout.NO_ENTRY)
                .putInt(PlanLayout.PIDFD_AT, -1);
        byte[] bytes = new byte[size];
        out.get(0, bytes);
        return bytes;
    }

    private int options() {
        return (plan.forceClone ? PlanLayout.FORCE_CLONE : 0) | (plan.keeper ? PlanLayout.KEEPER : 0);
    }

    private int count(PlanBuilder.Section section) {
        return plan.entries(section).size();
    }

    private void entry(int index, PlanEntry entry) {
        int at = PlanLayout.entryAt(index);
        int results = 0;
        for (int i = 0; i < entry.arguments.size(); i++) {
            PlanArgument argument = entry.arguments.get(i);
            int slot = at + PlanLayout.ARGUMENT_AT + i * Long.BYTES;
            if (argument instanceof PlanArgument.ResultOf result) {
                results |= 1 << i;
                out.putLong(slot, earlier(index, result.entry()));
            } else {
                fill(slot, argument);
            }
        }
        int name = text(entry.call.callName());
        int path = entry.path == null ? 0 : string(Arrays.copyOf(entry.path, entry.path.length + 1));
        int what = text(entry.what);
        out.putInt(at, entry.call.number())
                .putShort(at + PlanLayout.FLAGS_AT, (short) entry.flags)
                .put(at + PlanLayout.RESULTS_AT, (byte) results)
                .put(at + PlanLayout.ARGUMENT_COUNT_AT, (byte) entry.arguments.size())
                .putInt(at + PlanLayout.NAME_AT, name)
                .putInt(at + PlanLayout.PATH_AT, path)
                .putInt(at + PlanLayout.WHAT_AT, what)
                .putInt(at + PlanLayout.REQUIRES_AT, entry.requires == null ? 0 : earlier(index, entry.requires) + 1)
                .putLong(at + PlanLayout.RESULT_AT, -1);
    }

    private int earlier(int index, PlanEntry entry) {
        Integer earlier = indexes.get(entry);
        if (earlier == null || earlier >= index) {
            throw new IllegalArgumentException(
                    "entry " + index + " needs the result of " + entry.call.callName() + ", which is not before it");
        }
        return earlier;
    }

    private int place(PlanArgument argument) {
        if (argument == PlanArgument.CallerMask.CALLER_MASK) {
            return PlanLayout.ORIGINAL_MASK_AT;
        }
        if (argument instanceof PlanArgument.Data data && data.shared) {
            return string(data.bytes);
        }
        Integer before = placed.get(argument);
        if (before != null) {
            return before;
        }
        int at = argument instanceof PlanArgument.Fields fields
                ? fields(fields)
                : structure((PlanArgument.Data) argument);
        placed.put(argument, at);
        return at;
    }

    private int structure(PlanArgument.Data data) {
        int at = align(8);
        room(data.bytes.length).put(data.bytes);
        return at;
    }

    private int fields(PlanArgument.Fields structure) {
        int at = align(8);
        int slots = structure.fields.size() * Long.BYTES;
        out = room(slots).position(at + slots);
        for (int i = 0; i < structure.fields.size(); i++) {
            fill(at + i * Long.BYTES, structure.fields.get(i));
        }
        return at;
    }

    /** Puts the number, or the address of what the argument is, into a field of 8 bytes. */
    private void fill(int slot, PlanArgument argument) {
        if (argument instanceof PlanArgument.Literal literal) {
            out.putLong(slot, literal.value());
        } else {
            pointer(slot, place(argument));
        }
    }

    private void pointer(int slot, int target) {
        out.putLong(slot, target);
        relocations.add(slot);
    }

    /** Places NUL-terminated bytes that nobody writes to, equal ones once. */
    private int string(byte[] terminated) {
        return strings.computeIfAbsent(new Contents(terminated), key -> {
            int at = out.position();
            room(terminated.length).put(terminated);
            return at;
        });
    }

    /** Names and sentences come again with every entry. */
    private int text(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        Integer before = texts.get(text);
        if (before != null) {
            return before;
        }
        byte[] bytes = text.replace('\0', ' ').getBytes(StandardCharsets.UTF_8);
        int at = string(Arrays.copyOf(bytes, bytes.length + 1));
        texts.put(text, at);
        return at;
    }

    /** The texts of errnos, so that the runner needs no table of its own: a count, then offsets by number, then the texts. */
    private int errnoTexts() {
        int at = align(8);
        byte[] texts = ErrnoTexts.BYTES;
        int start = at + ErrnoTexts.OFFSETS.length * Integer.BYTES + Integer.BYTES;
        room(start - at + texts.length).putInt(ErrnoTexts.OFFSETS.length);
        for (int offset : ErrnoTexts.OFFSETS) {
            out.putInt(offset < 0 ? 0 : start + offset);
        }
        out.put(texts);
        return at;
    }

    /** What is the same in all plans. */
    private static final class ErrnoTexts {
        /** By number, where its text begins; -1 for a gap. */
        static final int[] OFFSETS;

        static final byte[] BYTES;

        static {
            Errno[] errnos = Errno.values();
            OFFSETS = new int[errnos[errnos.length - 1].number() + 1];
            Arrays.fill(OFFSETS, -1);
            StringBuilder texts = new StringBuilder();
            for (Errno errno : errnos) {
                OFFSETS[errno.number()] = texts.length();
                texts.append(errno.text()).append('\0');
            }
            BYTES = texts.toString().getBytes(StandardCharsets.US_ASCII);
        }

        private ErrnoTexts() {}
    }

    private int align(int alignment) {
        int at = (out.position() + alignment - 1) & -alignment;
        room(at - out.position()).position(at);
        return at;
    }

    /** The buffer, with room for that many bytes more. */
    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int position = out.position();
            int capacity = Math.max(2 * out.capacity(), Math.addExact(position, bytes));
            out = buffer(capacity).put(0, out, 0, position).position(position);
        }
        return out;
    }

    private static ByteBuffer buffer(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}

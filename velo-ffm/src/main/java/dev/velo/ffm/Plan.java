package dev.velo.ffm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A table of system calls as data: what a new process does before it executes a command, and what is done before and after.
 *
 * <p>Immutable, without addresses: it can be stored, printed and compared. Made by {@link PlanBuilder}; run by
 * {@link ProcessCalls#spawn} (the child section alone) or by the {@link Runner} (all of it). For this machine's architecture only.
 */
public final class Plan {
    private final byte[] bytes;

    Plan(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The plan that these bytes are; throws {@link PlanFormatException} if they are none. */
    public static Plan of(byte[] bytes) {
        byte[] copy = bytes.clone();
        new PlanCheck(copy).check();
        return new Plan(copy);
    }

    /** Reads a plan up to the end of the stream; throws {@link PlanFormatException} if it is none. */
    public static Plan read(InputStream in) throws IOException {
        return of(in.readAllBytes());
    }

    public void write(OutputStream out) throws IOException {
        out.write(bytes);
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The plan for people, one line per entry; for {@code -v} and tests, not for programs. */
    public String describe() {
        return new PlanDescription(this).text();
    }

    /** How many entries the child runs. */
    public int childCount() {
        return view().getInt(PlanLayout.CHILD_COUNT_AT);
    }

    /** Whether the plan has work for a runner, before, after or beside the child, or asks for a keeper. */
    public boolean needsRunner() {
        return entryCount() != childCount() || hasKeeper();
    }

    boolean hasKeeper() {
        return (view().getInt(PlanLayout.OPTIONS_AT) & PlanLayout.KEEPER) != 0;
    }

    ByteBuffer view() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    int entryCount() {
        ByteBuffer view = view();
        return view.getInt(PlanLayout.SETUP_COUNT_AT)
                + view.getInt(PlanLayout.CHILD_COUNT_AT)
                + view.getInt(PlanLayout.CLEANUP_COUNT_AT)
                + view.getInt(PlanLayout.BESIDE_COUNT_AT);
    }

    /** The text at this offset, "" for offset 0. */
    String text(int offset) {
        int end = offset;
        while (offset != 0 && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }

    PlanFailure failure(int entry, int errno) {
        if (entry == PlanLayout.NO_ENTRY) {
            return new PlanFailure(entry, Syscall.CLONE3, Errno.of(errno), "", "cannot start a process");
        }
        ByteBuffer view = view();
        int at = PlanLayout.entryAt(entry);
        return new PlanFailure(
                entry,
                Syscall.valueOf(text(view.getInt(at + PlanLayout.NAME_AT)).toUpperCase(Locale.ROOT)),
                Errno.of(errno),
                text(view.getInt(at + PlanLayout.PATH_AT)),
                text(view.getInt(at + PlanLayout.WHAT_AT)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Plan plan && Arrays.equals(bytes, plan.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return describe();
    }
}

package dev.velo.ffm;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The layout of a stored plan, as {@code src/main/c/plan.h} has it; a test compares the two.
 *
 * <p>{@code header | entries: setup, child, cleanup, beside | data | relocations}, little-endian. Pointers are offsets from the start of the
 * plan; the relocation table lists the positions of the 8-byte fields that hold them.
 */
final class PlanLayout {
    static final long MAGIC = 0x4e414c504f4c4556L; // "VELOPLAN"
    static final int VERSION = 4;
    static final int NO_ENTRY = -1;
    static final int ARGUMENTS = 6;

    static final int FORCE_CLONE = 1;
    static final int KEEPER = 2;

    static final int IGNORE = 1;
    static final int TRY = 2;
    static final int AFTER_ENOEXEC = 4;
    static final int RETRY_EINTR = 8;
    static final int WHOLE = 16;
    static final int EXECUTES = 32;
    static final int RETRY_BUSY = 64;
    static final int ALL_FLAGS = 127;

    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final StructLayout HEADER = MemoryLayout.structLayout(
            U64.withName("magic"),
            U32.withName("version"),
            U32.withName("machine"),
            U32.withName("size"),
            U32.withName("setup_count"),
            U32.withName("child_count"),
            U32.withName("cleanup_count"),
            U32.withName("beside_count"),
            U32.withName("relocations"),
            U32.withName("relocation_count"),
            U32.withName("errno_texts"),
            U32.withName("prefix"),
            U32.withName("options"),
            U32.withName("ready_read"),
            U32.withName("ready_write"),
            U32.withName("ready_limit"),
            U32.withName("ready_failure"),
            U32.withName("life"),
            U32.withName("time_limit"),
            U32.withName("time_failure"),
            U32.withName("reserved"),
            U64.withName("clone_flags"),
            U64.withName("ignored_signals"),
            U32.withName("failed_entry"),
            U32.withName("failed_errno"),
            U32.withName("pid"),
            U32.withName("pidfd"),
            U64.withName("base"),
            U64.withName("original_mask"));

    static final StructLayout ENTRY = MemoryLayout.structLayout(
            U32.withName("number"),
            U16.withName("flags"),
            U8.withName("results"),
            U8.withName("argument_count"),
            MemoryLayout.sequenceLayout(ARGUMENTS, U64).withName("argument"),
            U32.withName("name"),
            U32.withName("path"),
            U32.withName("what"),
            U32.withName("requires"),
            U64.withName("result"));

    static final int HEADER_BYTES = (int) HEADER.byteSize();
    static final int VERSION_AT = header("version");
    static final int MACHINE_AT = header("machine");
    static final int SIZE_AT = header("size");
    static final int SETUP_COUNT_AT = header("setup_count");
    static final int CHILD_COUNT_AT = header("child_count");
    static final int CLEANUP_COUNT_AT = header("cleanup_count");
    static final int BESIDE_COUNT_AT = header("beside_count");
    static final int RELOCATIONS_AT = header("relocations");
    static final int RELOCATION_COUNT_AT = header("relocation_count");
    static final int ERRNO_TEXTS_AT = header("errno_texts");
    static final int PREFIX_AT = header("prefix");
    static final int CLONE_FLAGS_AT = header("clone_flags");
    static final int IGNORED_SIGNALS_AT = header("ignored_signals");
    static final int OPTIONS_AT = header("options");
    static final int READY_READ_AT = header("ready_read");
    static final int READY_WRITE_AT = header("ready_write");
    static final int READY_LIMIT_AT = header("ready_limit");
    static final int READY_FAILURE_AT = header("ready_failure");
    static final int LIFE_AT = header("life");
    static final int TIME_LIMIT_AT = header("time_limit");
    static final int TIME_FAILURE_AT = header("time_failure");
    static final int FAILED_ENTRY_AT = header("failed_entry");
    static final int FAILED_ERRNO_AT = header("failed_errno");
    static final int PID_AT = header("pid");
    static final int PIDFD_AT = header("pidfd");
    static final int BASE_AT = header("base");
    static final int ORIGINAL_MASK_AT = header("original_mask");

    static final int ENTRY_BYTES = (int) ENTRY.byteSize();
    static final int FLAGS_AT = entry("flags");
    static final int RESULTS_AT = entry("results");
    static final int ARGUMENT_COUNT_AT = entry("argument_count");
    static final int ARGUMENT_AT = entry("argument");
    static final int NAME_AT = entry("name");
    static final int PATH_AT = entry("path");
    static final int WHAT_AT = entry("what");
    static final int REQUIRES_AT = entry("requires");
    static final int RESULT_AT = entry("result");

    private PlanLayout() {}

    /** Where the entry of this index begins. */
    static int entryAt(int index) {
        return HEADER_BYTES + index * ENTRY_BYTES;
    }

    /** The architecture of this process as ELF numbers it; system call numbers are of no use elsewhere. */
    static int machine() {
        return Architecture.current().machine();
    }

    private static int header(String field) {
        return offset(HEADER, field);
    }

    private static int entry(String field) {
        return offset(ENTRY, field);
    }

    /** As {@code StructLayout.byteOffset}, without the method handles that cost milliseconds of start-up. */
    private static int offset(StructLayout structure, String field) {
        long offset = 0;
        for (MemoryLayout member : structure.memberLayouts()) {
            if (member.name().orElse("").equals(field)) {
                return (int) offset;
            }
            offset += member.byteSize();
        }
        throw new AssertionError("no field " + field);
    }
}

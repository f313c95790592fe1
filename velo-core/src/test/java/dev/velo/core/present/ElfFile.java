package dev.velo.core.present;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An ELF file of 64 bits that has a head and segments, and nothing to run. */
final class ElfFile {
    static final int HEADER_BYTES = 64;
    static final int ENTRY_BYTES = 56;
    static final int PT_INTERP = 3;
    static final int PT_NOTE = 4;
    static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Segment(int type, byte[] contents) {}

    private final List<Segment> segments = new ArrayList<>();
    private int machine;

    ElfFile(int machine) {
        this.machine = machine;
    }

    static ElfFile dynamic(int machine) {
        return new ElfFile(machine).with(PT_INTERP, (LOADER + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    ElfFile with(int type, byte[] contents) {
        segments.add(new Segment(type, contents));
        return this;
    }

    /** A note as its section holds it. */
    static byte[] note(String owner, int type, int contentBytes) {
        byte[] name = owner.getBytes(StandardCharsets.US_ASCII);
        int padded = (name.length + 3) & -4;
        ByteBuffer note = ByteBuffer.allocate(12 + padded + ((contentBytes + 3) & -4))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(name.length)
                .putInt(contentBytes)
                .putInt(type)
                .put(name);
        return note.array();
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        header.putShort(16, (short) 3).putShort(18, (short) machine).putLong(32, HEADER_BYTES);
        header.putShort(54, (short) ENTRY_BYTES).putShort(56, (short) segments.size());
        out.writeBytes(header.array());
        long offset = HEADER_BYTES + (long) segments.size() * ENTRY_BYTES;
        for (Segment segment : segments) {
            ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            entry.putInt(0, segment.type()).putLong(8, offset).putLong(32, segment.contents().length);
            out.writeBytes(entry.array());
            offset += segment.contents().length;
        }
        segments.forEach(segment -> out.writeBytes(segment.contents()));
        return out.toByteArray();
    }

    /** Reads these bytes as a file. */
    static ElfHead.Bytes reading(byte[] file) {
        return (offset, count) -> offset >= file.length
                ? new byte[0]
                : Arrays.copyOfRange(file, (int) offset, (int) Math.min(file.length, offset + count));
    }
}

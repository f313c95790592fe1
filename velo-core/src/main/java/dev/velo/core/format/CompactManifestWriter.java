package dev.velo.core.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Takes the bytes of a canonical manifest, in order, and hands on those of the compact one, without having either whole in memory. What
 * it hands on first is a header that does not say everything yet; the right one is known at the {@linkplain #finish end}. Owns native
 * memory until closed, and belongs to one thread.
 */
public final class CompactManifestWriter implements ByteSink, AutoCloseable {
    /** With 5 it takes a third longer and with 6 twice as long, for less than half a hundredth of the file. */
    private static final int LEVEL = 4;

    private static final int CHUNK_BYTES = 1 << 16;

    /** A whole manifest may come at once, and no buffer is as long as it can be. */
    private static final long MAX_BUFFER = 1L << 30;

    /** A section of the manifest. */
    private enum Section {
        HEADER,
        ENTRIES,
        DIGESTS,
        REST,
        END
    }

    private final ByteSink out;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment header = arena.allocate(CompactManifestFormat.HEADER);
    private final MemorySegment chunk = arena.allocate(CHUNK_BYTES);
    private final ByteBuffer chunkBuffer = chunk.asByteBuffer();
    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32C crc = new CRC32C();
    private final EntryColumns columns = new EntryColumns();
    private int[] block = new int[0];
    private byte[] cut = new byte[0];

    private Section section = Section.HEADER;
    private long sectionBytes = ManifestFormat.HEADER_BYTES;
    private long taken;
    private ManifestSections sections = new ManifestSections(1, 0, 0, 0, 0);
    private long length;
    private long entryBytes;

    /** {@code out} stays the caller's. */
    public CompactManifestWriter(ByteSink out) {
        this.out = out;
    }

    @Override
    public void accept(MemorySegment bytes) throws IOException {
        long at = 0;
        while (at < bytes.byteSize()) {
            long count = Math.min(Math.min(bytes.byteSize() - at, sectionBytes - taken), MAX_BUFFER);
            take(bytes.asSlice(at, count));
            at += count;
            taken += count;
            while (taken == sectionBytes && section != Section.END) {
                endSection();
            }
        }
    }

    private void take(MemorySegment bytes) throws IOException {
        switch (section) {
            case HEADER ->
                MemorySegment.copy(bytes, 0, header, CompactManifestFormat.MANIFEST_AT + taken, bytes.byteSize());
            case ENTRIES -> takeEntries(bytes);
            case DIGESTS -> emit(bytes);
            case REST -> {
                deflater.setInput(bytes.asByteBuffer());
                drain();
            }
            case END -> throw new IllegalStateException("there is more than a manifest");
        }
    }

    private void takeEntries(MemorySegment bytes) throws IOException {
        MemorySegment collected = MemorySegment.ofArray(block);
        long at = 0;
        while (at < bytes.byteSize()) {
            long filled = (taken + at) % collected.byteSize();
            long count = Math.min(bytes.byteSize() - at, collected.byteSize() - filled);
            MemorySegment.copy(bytes, at, collected, filled, count);
            at += count;
            if (filled + count == collected.byteSize() || taken + at == sectionBytes) {
                deflateBlock((int) ((filled + count) / ManifestFormat.ENTRY_BYTES));
            }
        }
    }

    private void deflateBlock(int entries) throws IOException {
        columns.cut(block, entries, cut);
        deflater.setInput(cut, 0, entries * ManifestFormat.ENTRY_BYTES);
        drain();
    }

    private void endSection() throws IOException {
        taken = 0;
        switch (section) {
            case HEADER -> {
                begin();
                enter(Section.ENTRIES, sections.entryBytes());
            }
            case ENTRIES -> {
                endDeflated();
                entryBytes = length - CompactManifestFormat.HEADER_BYTES;
                enter(Section.DIGESTS, sections.digestBytes());
            }
            case DIGESTS -> enter(Section.REST, sections.restBytes());
            case REST -> {
                endDeflated();
                enter(Section.END, Long.MAX_VALUE);
            }
            case END -> throw new IllegalStateException("a manifest ends once");
        }
    }

    private void enter(Section next, long bytes) {
        section = next;
        sectionBytes = bytes;
    }

    private void begin() throws IOException {
        sections = ManifestSections.of("a manifest", 0, header.asSlice(CompactManifestFormat.MANIFEST_AT));
        int entries = Math.min(sections.entryCount(), CompactManifestFormat.BLOCK_ENTRIES);
        block = new int[entries * ManifestFormat.ENTRY_WORDS];
        cut = new byte[entries * ManifestFormat.ENTRY_BYTES];
        length = header.byteSize();
        out.accept(header);
    }

    private void endDeflated() throws IOException {
        deflater.finish();
        drain();
        deflater.reset();
    }

    private void drain() throws IOException {
        int got = deflater.deflate(chunkBuffer.clear());
        while (got > 0) {
            emit(chunk.asSlice(0, got));
            got = deflater.deflate(chunkBuffer.clear());
        }
    }

    private void emit(MemorySegment bytes) throws IOException {
        crc.update(bytes.asByteBuffer());
        length += bytes.byteSize();
        out.accept(bytes);
    }

    /** The header that belongs at the beginning of what was handed on, when the whole manifest was taken; valid until this is closed. */
    public MemorySegment finish() {
        if (section != Section.END) {
            throw new IllegalStateException("there is less than a manifest");
        }
        put("magic", CompactManifestFormat.MAGIC);
        header.set(ValueLayout.JAVA_INT, CompactManifestFormat.offset("version"), CompactManifestFormat.VERSION);
        put("total_length", length);
        put("entry_bytes", entryBytes);
        crc.update(header.asSlice(CompactManifestFormat.CHECKED_FROM).asByteBuffer());
        header.set(ValueLayout.JAVA_INT, CompactManifestFormat.offset("crc32c"), (int) crc.getValue());
        return header;
    }

    private void put(String field, long value) {
        header.set(ValueLayout.JAVA_LONG, CompactManifestFormat.offset(field), value);
    }

    /** Whether what was handed on has fewer bytes than the manifest. */
    public boolean isShorter() {
        return length < sections.totalBytes();
    }

    @Override
    public void close() {
        deflater.end();
        arena.close();
    }
}

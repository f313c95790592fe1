package dev.velo.core.tar;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.ingest.EntryMetadata;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive entry by entry: ustar, pax, GNU and older, with long names, extended attributes and sparse files. Nothing is
 * believed: numbers are checked, names are handed on as they are, and what an entry claims costs no memory before it is there. The
 * stream belongs to the caller. For one thread.
 */
final class TarReader {
    private static final int PERMISSION_BITS = 07777;
    private static final int NAME_LIMIT = 1 << 20;
    private static final int RECORDS_LIMIT = 1 << 24;
    private static final int NUMBER_LIMIT = 20;
    private static final long ID_LIMIT = (1L << Integer.SIZE) - 1;
    private static final String ATTRIBUTES = "SCHILY.xattr.";

    private final String file;
    private final TarStream in;
    private PaxRecords global = PaxRecords.NONE;

    /** Of an archive that messages call by this name. */
    TarReader(String file, InputStream in) {
        this.file = file;
        this.in = new TarStream(file, in);
    }

    /** The next entry, or null where the archive ends. */
    @Nullable
    TarEntry next() throws IOException {
        PaxRecords records = PaxRecords.NONE;
        byte[] longName = null;
        byte[] longTarget = null;
        while (true) {
            in.skipRest();
            long at = in.offset();
            TarHeader header = new TarHeader(file, at, in.block("the header of an entry"));
            if (header.isEnd()) {
                in.drain();
                return null;
            }
            header.requireChecksum();
            switch (header.type()) {
                case 'x', 'X' -> records = PaxRecords.parse(file, in.offset(), contents(header, RECORDS_LIMIT));
                case 'g' ->
                    global = PaxRecords.parse(file, in.offset(), contents(header, RECORDS_LIMIT))
                            .over(global);
                case 'L' -> longName = text(contents(header, NAME_LIMIT));
                case 'K' -> longTarget = text(contents(header, NAME_LIMIT));
                // the name of the volume
                case 'V' -> in.begin(size(header, PaxRecords.NONE, at));
                default -> {
                    return entry(new Head(header, at, records.over(global), longName, longTarget));
                }
            }
        }
    }

    /** What there is to know of one entry. */
    @SuppressWarnings("ArrayRecordComponent") // names are bytes; never compared
    private record Head(
            TarHeader header, long at, PaxRecords records, byte @Nullable [] longName, byte @Nullable [] longTarget) {
        byte[] name() {
            byte[] sparse = records.bytes("GNU.sparse.name");
            byte[] name = sparse == null ? records.bytes("path") : sparse;
            byte[] fallback = longName == null ? header.name() : longName;
            return name == null ? fallback : name;
        }

        byte[] target() {
            byte[] target = records.bytes("linkpath");
            byte[] fallback = longTarget == null ? header.target() : longTarget;
            return target == null ? fallback : target;
        }
    }

    private byte[] contents(TarHeader header, int limit) throws IOException {
        long at = in.offset();
        long size = size(header, PaxRecords.NONE, at);
        if (size > limit) {
            throw new FormatException(file, at, Reason.BAD_LENGTH, "a header of " + size + " bytes");
        }
        in.begin(size);
        return in.readNBytes((int) size);
    }

    private static byte[] text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    private TarEntry entry(Head head) throws IOException {
        byte[] name = head.name();
        if (name.length > NAME_LIMIT || head.target().length > NAME_LIMIT) {
            throw new FormatException(file, head.at(), Reason.BAD_LENGTH, "a name of " + name.length + " bytes");
        }
        TarEntry.Kind kind = kind(head, name);
        if (kind != TarEntry.Kind.FILE) {
            // what the header of another kind says of a size is no size of contents
            in.begin(head.header().type() == 'D' ? size(head.header(), head.records(), head.at()) : 0);
            return new TarEntry(name, kind, metadata(head), target(head, kind), 0, device(head, kind), in);
        }
        long size = size(head.header(), head.records(), head.at());
        SparseMap map = new SparseMap(file, head.at());
        long realSize = sparse(head, map, size);
        if (realSize < 0) {
            in.begin(size);
            return new TarEntry(name, kind, metadata(head), new byte[0], size, 0, in);
        }
        map.requireFits(in.left(), realSize);
        return new TarEntry(name, kind, metadata(head), new byte[0], realSize, 0, new SparseStream(in, map, realSize));
    }

    private TarEntry.Kind kind(Head head, byte[] name) throws FormatException {
        char type = head.header().type();
        return switch (type) {
            case '0', '\0', '7', 'S' ->
                // archives older than the type of directories
                name.length > 0 && name[name.length - 1] == '/' && type != 'S'
                        ? TarEntry.Kind.DIRECTORY
                        : TarEntry.Kind.FILE;
            case '1' -> TarEntry.Kind.HARD_LINK;
            case '2' -> TarEntry.Kind.SYMLINK;
            case '3' -> TarEntry.Kind.CHARACTER_DEVICE;
            case '4' -> TarEntry.Kind.BLOCK_DEVICE;
            case '5', 'D' -> TarEntry.Kind.DIRECTORY;
            case '6' -> TarEntry.Kind.FIFO;
            default ->
                throw new FormatException(
                        file, head.at(), Reason.BAD_KIND, PathBytes.show(name) + ", of type " + shown(type));
        };
    }

    private static String shown(char type) {
        return type > ' ' && type <= '~' ? "'" + type + "'" : Integer.toString(type);
    }

    private static byte[] target(Head head, TarEntry.Kind kind) {
        boolean link = kind == TarEntry.Kind.SYMLINK || kind == TarEntry.Kind.HARD_LINK;
        return link ? head.target() : new byte[0];
    }

    private long device(Head head, TarEntry.Kind kind) throws FormatException {
        if (kind != TarEntry.Kind.CHARACTER_DEVICE && kind != TarEntry.Kind.BLOCK_DEVICE) {
            return 0;
        }
        return bounded(head.header().major(), head.at(), "major number") << Integer.SIZE
                | bounded(head.header().minor(), head.at(), "minor number");
    }

    private EntryMetadata metadata(Head head) throws FormatException {
        TarHeader header = head.header();
        PaxRecords records = head.records();
        BigDecimal time = records.time("mtime", head.at(), header.mtime());
        BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
        List<AttributeSet.Attribute> attributes = records.below(ATTRIBUTES).entrySet().stream()
                .map(record -> new AttributeSet.Attribute(PathBytes.of(record.getKey()), record.getValue()))
                .toList();
        return new EntryMetadata(
                (int) header.mode() & PERMISSION_BITS,
                seconds.longValue(),
                time.subtract(seconds).unscaledValue().intValue(),
                (int) bounded(records.number("uid", head.at(), header.uid()), head.at(), "user"),
                (int) bounded(records.number("gid", head.at(), header.gid()), head.at(), "group"),
                attributes);
    }

    private long bounded(long number, long at, String field) throws FormatException {
        if (number < 0 || number > ID_LIMIT) {
            throw new FormatException(file, at, Reason.BAD_LENGTH, field + " " + number);
        }
        return number;
    }

    private long size(TarHeader header, PaxRecords records, long at) throws FormatException {
        long size = records.number("size", at, header.size());
        if (size < 0) {
            throw new FormatException(file, at, Reason.BAD_LENGTH, "size " + size);
        }
        return size;
    }

    /** Reads the map of a sparse file in whichever form it has, and begins its contents; returns its length, -1 of any other file. */
    private long sparse(Head head, SparseMap map, long size) throws IOException {
        PaxRecords records = head.records();
        if (head.header().type() == 'S') {
            boolean more = head.header().addStretches(map);
            while (more) {
                long at = in.offset();
                more = new TarHeader(file, at, in.block("the map of a sparse file")).addMoreStretches(map);
            }
            in.begin(size);
            return positive(head.header().realSize(), head.at());
        }
        byte[] list = records.bytes("GNU.sparse.map");
        if (list != null) {
            map.addAll(new String(list, StandardCharsets.ISO_8859_1));
            in.begin(size);
            return positive(records.number("GNU.sparse.size", head.at(), -1), head.at());
        }
        if (records.number("GNU.sparse.major", head.at(), 0) != 1) {
            return -1;
        }
        in.begin(size);
        long count = map.number(line());
        for (long i = 0; i < count; i++) {
            map.add(map.number(line()), map.number(line()));
        }
        in.skipToBlock();
        return positive(records.number("GNU.sparse.realsize", head.at(), -1), head.at());
    }

    private long positive(long size, long at) throws FormatException {
        if (size < 0) {
            throw new FormatException(file, at, Reason.BAD_LENGTH, "the length of a sparse file");
        }
        return size;
    }

    /** A line of the map that stands before the contents of a sparse file. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n' && line.length() <= NUMBER_LIMIT) {
            line.append((char) c);
            c = in.read();
        }
        return line.toString();
    }
}

package dev.velo.core.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** What can be wrong with a compact manifest, whatever is wrong with the manifest in it. */
final class CompactManifestDefects {
    private static final int MANIFEST_LENGTH = 16;
    private static final int ENTRY_COUNT = 24;
    private static final int OWNER_COUNT = 32;
    private static final int STRING_BYTES = 40;

    private final List<Defect> defects = new ArrayList<>();

    private CompactManifestDefects() {}

    static List<Defect> all() {
        CompactManifestDefects all = new CompactManifestDefects();
        all.addWholeFiles();
        all.addLengths();
        all.addSections();
        return all.defects;
    }

    private void raw(String name, Reason reason, String detail, UnaryOperator<byte[]> change) {
        byte[] whole = new CompactManifestParts(ManifestFixture.everything()).toBytes();
        defects.add(new Defect(name, reason, detail, change.apply(whole)));
    }

    private void defect(String name, Reason reason, String detail, UnaryOperator<CompactManifestParts> change) {
        CompactManifestParts parts = new CompactManifestParts(ManifestFixture.everything());
        defects.add(new Defect(name, reason, detail, change.apply(parts).toBytes()));
    }

    private void addWholeFiles() {
        raw("magic", Reason.BAD_MAGIC, "not a compact manifest", bytes -> flipped(bytes, 0));
        raw("header-cut", Reason.TRUNCATED, "the header has 96", bytes -> Arrays.copyOf(bytes, 95));
        raw("cut-by-one", Reason.TRUNCATED, "the header says", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        raw("longer-by-one", Reason.BAD_LENGTH, "the header says", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        raw("checksum-stored", Reason.CHECKSUM, "CRC-32C", bytes -> flipped(bytes, 12));
        raw("checksum-header", Reason.CHECKSUM, "CRC-32C", bytes -> flipped(bytes, 24));
        raw("checksum-content", Reason.CHECKSUM, "CRC-32C", bytes -> flipped(bytes, bytes.length - 2));
        defect("version-next", Reason.TOO_NEW, "version 2", parts -> parts.version(2));
        defect("version-largest", Reason.TOO_NEW, "version 4294967295", parts -> parts.version(-1));
        defect("version-none", Reason.TOO_OLD, "version 0", parts -> parts.version(0));
        String header = "not the header of a manifest of version 1";
        defect("manifest-magic", Reason.INCONSISTENT, header, parts -> parts.manifestLong(0, 1));
        defect("manifest-version", Reason.INCONSISTENT, header, parts -> parts.manifestInt(8, 2));
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= 1;
        return bytes;
    }

    private void addLengths() {
        String bounds = "the digests do not fit behind the entries";
        defect("entry-bytes-negative", Reason.OUT_OF_BOUNDS, bounds, parts -> parts.entryBytes(-1));
        defect("entry-bytes-too-large", Reason.OUT_OF_BOUNDS, bounds, parts -> parts.entryBytes(Long.MAX_VALUE));
        defect(
                "digests-too-many",
                Reason.OUT_OF_BOUNDS,
                bounds,
                parts -> parts.entryBytes(parts.entries().length + parts.rest().length + 1));
        defect("entry-count-zero", Reason.BAD_LENGTH, "entry_count", parts -> parts.manifestInt(ENTRY_COUNT, 0));
        defect("owner-count-too-large", Reason.BAD_LENGTH, "owner_count", parts -> parts.manifestInt(OWNER_COUNT, 12));
        String fill = "(at byte 48: the sections do not fill the manifest";
        defect("manifest-too-short", Reason.BAD_LENGTH, fill, parts -> parts.manifestLong(MANIFEST_LENGTH, 571));
        defect(
                "manifest-too-long",
                Reason.BAD_LENGTH,
                fill,
                parts -> parts.manifestLong(MANIFEST_LENGTH, Long.MAX_VALUE));
        defect(
                "entries-too-few",
                Reason.BAD_LENGTH,
                "7 bytes never become 32040",
                parts -> entries(parts, 801).entries(new byte[7]));
        defect(
                "strings-too-few",
                Reason.BAD_LENGTH,
                "bytes never become",
                parts -> strings(parts, Integer.MAX_VALUE - 8));
    }

    /** So many entries, and a manifest of the length that has room for them. */
    private static CompactManifestParts entries(CompactManifestParts parts, int count) {
        return parts.manifestInt(ENTRY_COUNT, count)
                .manifestLong(MANIFEST_LENGTH, ManifestFixture.everything().length + 40L * (count - 11));
    }

    private static CompactManifestParts strings(CompactManifestParts parts, int count) {
        byte[] whole = ManifestFixture.everything();
        long before = ManifestParts.little(whole).getLong(STRING_BYTES);
        return parts.manifestLong(STRING_BYTES, count)
                .manifestLong(MANIFEST_LENGTH, (long) whole.length + count - before);
    }

    private void addSections() {
        section("entries", CompactManifestParts::entries, CompactManifestParts::entries);
        section("rest", CompactManifestParts::rest, CompactManifestParts::rest);
    }

    private interface Getter {
        byte[] of(CompactManifestParts parts);
    }

    private interface Setter {
        CompactManifestParts with(CompactManifestParts parts, byte[] deflated);
    }

    private void section(String name, Getter get, Setter set) {
        String shorter = "what is deflated here is too short";
        String longer = "what is deflated here is too long";
        defect(name + "-not-deflated", Reason.BAD_COMPRESSION, "what is deflated here", parts -> {
            byte[] deflated = get.of(parts);
            Arrays.fill(deflated, (byte) 0xff);
            return set.with(parts, deflated);
        });
        defect(name + "-cut", Reason.BAD_LENGTH, shorter, parts -> {
            byte[] deflated = get.of(parts);
            return set.with(parts, Arrays.copyOf(deflated, deflated.length - 1));
        });
        defect(name + "-inflated-too-short", Reason.BAD_LENGTH, shorter, parts -> {
            byte[] plain = plain(get.of(parts));
            return set.with(parts, CompactManifestParts.stored(Arrays.copyOf(plain, plain.length - 1)));
        });
        defect(name + "-inflated-too-long", Reason.BAD_LENGTH, longer, parts -> {
            byte[] plain = plain(get.of(parts));
            return set.with(parts, CompactManifestParts.stored(Arrays.copyOf(plain, plain.length + 1)));
        });
        defect(name + "-without-end", Reason.BAD_LENGTH, longer, parts -> {
            byte[] deflated = get.of(parts);
            deflated[0] = 0; // another block is to follow
            return set.with(parts, deflated);
        });
        defect(name + "-followed", Reason.BAD_LENGTH, longer, parts -> {
            byte[] deflated = get.of(parts);
            return set.with(parts, Arrays.copyOf(deflated, deflated.length + 1));
        });
    }

    private static byte[] plain(byte[] stored) {
        return Arrays.copyOfRange(stored, 5, stored.length);
    }
}

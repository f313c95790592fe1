package dev.velo.core.format;

import static dev.velo.core.format.ManifestFixture.J;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** What can be wrong with a manifest as a whole: its header, its lengths and its tables. */
final class ManifestHeaderDefects {
    private static final int ENTRIES = 11;

    private final List<Defect> defects = new ArrayList<>();

    private ManifestHeaderDefects() {}

    static List<Defect> all() {
        ManifestHeaderDefects all = new ManifestHeaderDefects();
        all.addWholeFiles();
        all.addCounts();
        all.addTables();
        all.addAttributeSets();
        return all.defects;
    }

    private void raw(String name, Reason reason, String detail, UnaryOperator<byte[]> change) {
        defects.add(new Defect(name, reason, detail, change.apply(ManifestFixture.everything())));
    }

    private void defect(String name, Reason reason, String detail, UnaryOperator<ManifestParts> change) {
        raw(
                name,
                reason,
                detail,
                bytes -> change.apply(new ManifestParts(bytes)).toBytes());
    }

    private void addWholeFiles() {
        raw("empty", Reason.EMPTY, "at least 64 bytes", bytes -> new byte[0]);
        raw("magic-cut", Reason.TRUNCATED, "the header has", bytes -> Arrays.copyOf(bytes, 5));
        raw("header-cut", Reason.TRUNCATED, "the header has", bytes -> Arrays.copyOf(bytes, 40));
        raw("cut-by-one", Reason.TRUNCATED, "the header says", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        raw("longer-by-one", Reason.BAD_LENGTH, "the header says", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        raw("magic", Reason.BAD_MAGIC, "not a Velo manifest", bytes -> flipped(bytes, 0));
        raw("checksum-stored", Reason.CHECKSUM, "CRC-32C", bytes -> flipped(bytes, 12));
        raw("checksum-content", Reason.CHECKSUM, "CRC-32C", bytes -> flipped(bytes, bytes.length - 2));
        raw("reserved", Reason.INCONSISTENT, "reserved bytes", bytes -> ManifestParts.sealed(flipped(bytes, 63)));
        defect("version-next", Reason.TOO_NEW, "version 2", parts -> parts.header("version", 2));
        defect("version-largest", Reason.TOO_NEW, "version 4294967295", parts -> parts.header("version", -1));
        defect("version-none", Reason.TOO_OLD, "version 0", parts -> parts.header("version", 0));
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= 1;
        return bytes;
    }

    private void addCounts() {
        count("entry_count", 0);
        count("entry_count", -1);
        count("entry_count", ManifestFormat.MAX_ENTRIES + 1);
        count("blob_count", -1);
        count("blob_count", ENTRIES + 1);
        count("owner_count", -1);
        count("owner_count", ENTRIES + 1);
        count("attribute_bytes", -1);
        count("attribute_bytes", Integer.MAX_VALUE);
        count("string_bytes", -1);
        count("string_bytes", Integer.MAX_VALUE);
        String gap = "the sections do not fill the file";
        defect("sections-too-long", Reason.BAD_LENGTH, gap, parts -> parts.header("string_bytes", 25));
        defect("sections-too-short", Reason.BAD_LENGTH, gap, parts -> parts.header("owner_count", 1));
    }

    private void count(String field, long value) {
        String name = field.replace('_', '-') + "-" + (value < 0 ? "negative" : value == 0 ? "zero" : "too-large");
        defect(
                name,
                Reason.BAD_LENGTH,
                "(at byte " + ManifestFormat.offset(ManifestFormat.HEADER, field) + ": " + field,
                parts -> parts.header(field, value));
    }

    private void addTables() {
        defect(
                "digest-unused",
                Reason.INCONSISTENT,
                "digests that no file has",
                parts -> parts.digests(Arrays.copyOf(parts.digests(), 3 * Digest.BYTES)));
        defect("digest-twice", Reason.INCONSISTENT, "one digest with two numbers", parts -> {
            byte[] first = Arrays.copyOf(parts.digests(), Digest.BYTES);
            return parts.digests(ManifestParts.concat(first, first));
        });
        defect(
                "owner-unused",
                Reason.INCONSISTENT,
                "owners that own nothing",
                parts -> parts.owners(0, 0, 1000, 100, 7, 7));
        defect("owner-twice", Reason.INCONSISTENT, "one owner with two numbers", parts -> parts.owners(0, 0, 0, 0));
        defect(
                "strings-unused",
                Reason.INCONSISTENT,
                "strings that nothing names",
                parts -> parts.strings((byte) 'x', (byte) 0));
        defect(
                "attributes-unused",
                Reason.INCONSISTENT,
                "attributes that no file has",
                parts -> parts.attributes(ManifestParts.concat(parts.attributes(), set("user.x", "x"))));
        defect("attributes-twice", Reason.INCONSISTENT, "one attribute set at two places", parts -> {
            byte[] old = parts.attributes();
            return parts.attributes(ManifestParts.concat(old, set("user.a", "1")))
                    .entry(J, "attributes", old.length + 1);
        });
        defect("attributes-inside-a-set", Reason.BAD_ORDER, "attributes inside a set", parts -> {
            byte[] old = parts.attributes();
            byte[] outer = ManifestParts.concat(new byte[] {1, 0, 1, 0, 15, 0, 0, 0, 'x'}, set("user.a", "1"));
            return parts.attributes(ManifestParts.concat(old, outer))
                    .entry(ManifestFixture.I, "attributes", old.length + 1)
                    .entry(J, "attributes", old.length + 1 + 9);
        });
    }

    private static byte[] set(String name, String value) {
        return AttributeSet.encode(List.of(new AttributeSet.Attribute(
                name.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8))));
    }

    /** One entry more has attributes, and what stands there is no set. */
    private void addAttributeSets() {
        attributeSet("count-zero", 0, 0);
        attributeSet("count-cut", 1);
        attributeSet("lengths-cut", 1, 0, 1, 0, 0);
        attributeSet("name-empty", 1, 0, 0, 0, 1, 0, 0, 0, 'v');
        attributeSet("name-nul", 1, 0, 2, 0, 0, 0, 0, 0, 'x', 0);
        attributeSet("name-too-long", longName());
        attributeSet("value-negative", 1, 0, 1, 0, 0, 0, 0, 0x80, 'x');
        attributeSet("value-too-long", longValue());
        attributeSet("value-cut", 1, 0, 1, 0, 2, 0, 0, 0, 'x', 'v');
        attributeSet("order", 2, 0, 1, 0, 0, 0, 0, 0, 'b', 1, 0, 0, 0, 0, 0, 'a');
        attributeSet("name-twice", 2, 0, 1, 0, 0, 0, 0, 0, 'a', 1, 0, 0, 0, 0, 0, 'a');
    }

    private void attributeSet(String name, int... set) {
        byte[] bytes = new byte[set.length];
        for (int i = 0; i < set.length; i++) {
            bytes[i] = (byte) set[i];
        }
        defect("attributes-" + name, Reason.INCONSISTENT, "attributes of entry 10", parts -> {
            byte[] old = parts.attributes();
            return parts.attributes(ManifestParts.concat(old, bytes)).entry(J, "attributes", old.length + 1);
        });
    }

    private static int[] longName() {
        int[] set = new int[2 + 6 + 256];
        Arrays.fill(set, 'n');
        System.arraycopy(new int[] {1, 0, 0, 1, 0, 0, 0, 0}, 0, set, 0, 8);
        return set;
    }

    private static int[] longValue() {
        int[] set = new int[2 + 6 + 1 + 65537];
        System.arraycopy(new int[] {1, 0, 1, 0, 1, 0, 1, 0, 'x'}, 0, set, 0, 9);
        return set;
    }
}

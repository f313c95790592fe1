package dev.velo.core.format;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pages of {@code docs/format} say what the layouts say; {@code -Dvelo.regenerate=true} brings them up to date. */
class FormatPagesTest {
    private static final Map<String, String> MANIFEST_HEADER = Map.of(
            "magic", "`VELOTREE`",
            "version", "1",
            "crc32c", "CRC-32C of everything from `total_length` to the end of the file",
            "total_length", "length of the file",
            "entry_count", "entries, the root included; 1 or more",
            "blob_count", "digests",
            "owner_count", "owners",
            "attribute_bytes", "length of the attribute sets",
            "string_bytes", "length of the strings");

    private static final Map<String, String> MANIFEST_ENTRY = Map.of(
            "name_offset", "where the name begins in the strings",
            "name_length", "bytes of the name, without its NUL; 0 for the root alone",
            "kind", "see below",
            "permissions", "the low 12 bits of `st_mode`",
            "mtime_seconds", "signed; since 1970, UTC",
            "mtime_nanos", "0 to 999,999,999",
            "attributes", "1 + where the attribute set begins; 0 for none",
            "size", "by kind",
            "ref", "by kind",
            "owner", "1 + number of the owner; 0 for none");

    private static final Map<String, String> COMPACT_HEADER = Map.of(
            "magic", "`VELOCOMP`",
            "version", "1",
            "crc32c", "CRC-32C of everything behind the header, and then of the header from `total_length` on",
            "total_length", "length of the file",
            "entry_bytes", "length of the deflated entries",
            "manifest", "the header of the manifest, as it is there");

    private static final Map<String, String> PACK_HEADER = Map.of(
            "magic", "`VELOPACK`",
            "version", "1",
            "block_bytes", "512",
            "reserved", "0",
            "crc32c", "CRC-32C of the bytes before this field");

    private static final Map<String, String> INDEX_ENTRY = Map.of(
            "digest", "SHA-256 of the blob",
            "stored_length", "bytes in the pack: `length`, or fewer if the blob is compressed",
            "length", "bytes of the blob; 1 or more",
            "first_block", "offset of the blob in the pack, divided by 512; unsigned",
            "encoding", "0: as it is; 1: an LZ4 block");

    private static final Map<String, String> FOOTER = Map.of(
            "magic", "`VELOPEND`",
            "version", "1, as in the header",
            "entry_count", "blobs",
            "index_offset", "where the index begins; a multiple of 4096, 512 or more",
            "file_length", "length of the file",
            "id", "SHA-256 of the index, fan-out table included",
            "index_crc32c", "CRC-32C of the index",
            "crc32c", "CRC-32C of the footer before this field");

    private static final Map<String, String> SUPERBLOCK = Map.ofEntries(
            entry("magic", "0xE0F5E1E2"),
            entry("checksum", "see below"),
            entry("feature_compat", "3: checksum, modification times"),
            entry("blkszbits", "logarithm of the block size, 9 to 12"),
            entry("sb_extslots", "0"),
            entry("root_nid", "node of the root: 1"),
            entry("inos", "inodes"),
            entry("epoch", "modification time of compact inodes, seconds"),
            entry("fixed_nsec", "and nanoseconds"),
            entry("blocks", "`erofs_bytes` in blocks"),
            entry("meta_blkaddr", "first block of the inodes"),
            entry("xattr_blkaddr", "0: attributes are not shared"),
            entry("uuid", "of this image alone"),
            entry("volume_name", "`velo`"),
            entry("feature_incompat", "4 chunks, 8 device table"),
            entry("compression", "0"),
            entry("extra_devices", "packs"),
            entry("devt_slotoff", "9: device slots begin at 1152"),
            entry("dirblkbits", "0"));

    private static final Map<String, String> DEVICE = Map.of(
            "tag", "id of the pack, 64 hexadecimal digits",
            "blocks", "length of the pack's blobs in blocks",
            "uniaddr", "0");

    private static final Map<String, String> INODE = Map.ofEntries(
            entry("i_format", "form and data layout"),
            entry("i_xattr_icount", "length of the attributes"),
            entry("i_mode", "`st_mode`"),
            entry("i_nlink", "links"),
            entry("i_size", "bytes; of a directory, of its list"),
            entry("i_mtime", "compact: seconds after `epoch`, 0; extended: seconds since 1970, signed"),
            entry("i_mtime_nsec", "nanoseconds"),
            entry("i_u", "by kind"),
            entry("i_ino", "1 + number of the blob"),
            entry("i_uid", "owner"),
            entry("i_gid", "group"));

    private static final Map<String, String> CHUNK_INDEX = Map.of(
            "startblk_hi", "0",
            "device_id", "number of the pack",
            "startblk", "first block in the pack");

    private static final Map<String, String> DIRENT = Map.of(
            "nid", "node",
            "nameoff", "where the name begins, from the start of the block",
            "file_type", "see below");

    private static final Map<String, String> XATTR = Map.of(
            "name_filter",
            "0",
            "shared_count",
            "0",
            "name_len",
            "bytes of the name without its prefix",
            "name_index",
            "the prefix",
            "value_len",
            "bytes of the value");

    private static final Map<String, String> SLOT = Map.of(
            "hash", "high half of the hash",
            "nid", "node",
            "path_offset", "where the path begins in the paths, divided by 8",
            "path_length", "bytes of the path; 0 for a free slot",
            "file_type", "as in directories",
            "reserved", "0");

    private static final Map<String, String> TRAILER = Map.ofEntries(
            entry("magic", "`VELOIMAG`"),
            entry("version", "1"),
            entry("flags", "see below"),
            entry("file_length", "length of the file"),
            entry("erofs_bytes", "length of the part that the kernel reads"),
            entry("path_bytes", "length of the paths, a multiple of 8"),
            entry("hash_seed", "seed of the path hash"),
            entry("blob_count", "digests"),
            entry("path_count", "slots that are taken"),
            entry("slot_shift", "logarithm of the number of slots"),
            entry("reserved", "0"),
            entry("tree", "SHA-256 of the manifest"),
            entry("content_crc32c", "CRC-32C of everything before the trailer"),
            entry("crc32c", "CRC-32C of the trailer before this field"));

    @Test
    void theManifestPageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/format/manifest.md");
        String text = Files.readString(page);
        text = TestData.withTable(text, "HEADER", FieldTables.render(ManifestFormat.HEADER, MANIFEST_HEADER));
        text = TestData.withTable(text, "ENTRY", FieldTables.render(ManifestFormat.ENTRY, MANIFEST_ENTRY));
        text = TestData.withTable(
                text, "BLOB", FieldTables.render(ManifestFormat.BLOB, Map.of("digest", "SHA-256 of the file's bytes")));
        text = TestData.withTable(
                text, "OWNER", FieldTables.render(ManifestFormat.OWNER, Map.of("uid", "user", "gid", "group")));
        TestData.check(page, text);
    }

    @Test
    void theCompactPageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/format/compact.md");
        String text = Files.readString(page);
        text = TestData.withTable(text, "HEADER", FieldTables.render(CompactManifestFormat.HEADER, COMPACT_HEADER));
        TestData.check(page, text);
    }

    @Test
    void thePackPageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/format/pack.md");
        String text = Files.readString(page);
        text = TestData.withTable(text, "HEADER", FieldTables.render(PackFormat.HEADER, PACK_HEADER));
        text = TestData.withTable(text, "INDEX_ENTRY", FieldTables.render(PackFormat.INDEX_ENTRY, INDEX_ENTRY));
        text = TestData.withTable(text, "FOOTER", FieldTables.render(PackFormat.FOOTER, FOOTER));
        TestData.check(page, text);
    }

    @Test
    void theImagePageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/format/image.md");
        String text = Files.readString(page);
        text = TestData.withTable(text, "SUPERBLOCK", FieldTables.render(ErofsFormat.SUPERBLOCK, SUPERBLOCK));
        text = TestData.withTable(text, "DEVICE", FieldTables.render(ErofsFormat.DEVICE, DEVICE));
        text = TestData.withTable(text, "COMPACT_INODE", FieldTables.render(ErofsFormat.COMPACT_INODE, INODE));
        text = TestData.withTable(text, "EXTENDED_INODE", FieldTables.render(ErofsFormat.EXTENDED_INODE, INODE));
        text = TestData.withTable(text, "CHUNK_INDEX", FieldTables.render(ErofsFormat.CHUNK_INDEX, CHUNK_INDEX));
        text = TestData.withTable(text, "DIRENT", FieldTables.render(ErofsFormat.DIRENT, DIRENT));
        text = TestData.withTable(text, "XATTR_HEADER", FieldTables.render(ErofsFormat.XATTR_HEADER, XATTR));
        text = TestData.withTable(text, "XATTR_ENTRY", FieldTables.render(ErofsFormat.XATTR_ENTRY, XATTR));
        text = TestData.withTable(text, "SLOT", FieldTables.render(ImageFormat.SLOT, SLOT));
        text = TestData.withTable(text, "TRAILER", FieldTables.render(ImageFormat.TRAILER, TRAILER));
        TestData.check(page, text);
    }

    @Test
    void theMagicsAreWhatThePagesSpell() {
        assertThat(spelled(ManifestFormat.MAGIC)).isEqualTo("VELOTREE");
        assertThat(spelled(CompactManifestFormat.MAGIC)).isEqualTo("VELOCOMP");
        assertThat(spelled(PackFormat.HEADER_MAGIC)).isEqualTo("VELOPACK");
        assertThat(spelled(PackFormat.FOOTER_MAGIC)).isEqualTo("VELOPEND");
        assertThat(spelled(ImageFormat.MAGIC)).isEqualTo("VELOIMAG");
    }

    private static String spelled(long magic) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Long.BYTES; i++) {
            text.append((char) (magic >>> (8 * i) & 0xff));
        }
        return text.toString();
    }
}

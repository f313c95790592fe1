package dev.velo.core.format;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static final Map<String, String> PACK_HEADER = Map.of(
            "magic", "`VELOPACK`",
            "version", "1",
            "block_bytes", "512",
            "reserved", "0",
            "crc32c", "CRC-32C of the bytes before this field");

    private static final Map<String, String> INDEX_ENTRY = Map.of(
            "digest", "SHA-256 of the blob",
            "stored_length", "bytes in the pack; with encoding 0 the same as `length`",
            "length", "bytes of the blob; 1 or more",
            "first_block", "offset of the blob in the pack, divided by 512; unsigned",
            "encoding", "0: as it is");

    private static final Map<String, String> FOOTER = Map.of(
            "magic", "`VELOPEND`",
            "version", "1, as in the header",
            "entry_count", "blobs",
            "index_offset", "where the index begins; a multiple of 4096, 512 or more",
            "file_length", "length of the file",
            "id", "SHA-256 of the index, fan-out table included",
            "index_crc32c", "CRC-32C of the index",
            "crc32c", "CRC-32C of the footer before this field");

    @Test
    void theManifestPageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/format/manifest.md");
        String text = Files.readString(page);
        text = FieldTables.replace(text, "HEADER", FieldTables.render(ManifestFormat.HEADER, MANIFEST_HEADER));
        text = FieldTables.replace(text, "ENTRY", FieldTables.render(ManifestFormat.ENTRY, MANIFEST_ENTRY));
        text = FieldTables.replace(
                text, "BLOB", FieldTables.render(ManifestFormat.BLOB, Map.of("digest", "SHA-256 of the file's bytes")));
        text = FieldTables.replace(
                text, "OWNER", FieldTables.render(ManifestFormat.OWNER, Map.of("uid", "user", "gid", "group")));
        TestData.check(page, text);
    }

    @Test
    void thePackPageIsUpToDate() throws IOException {
        Path page = TestData.path("docs/format/pack.md");
        String text = Files.readString(page);
        text = FieldTables.replace(text, "HEADER", FieldTables.render(PackFormat.HEADER, PACK_HEADER));
        text = FieldTables.replace(text, "INDEX_ENTRY", FieldTables.render(PackFormat.INDEX_ENTRY, INDEX_ENTRY));
        text = FieldTables.replace(text, "FOOTER", FieldTables.render(PackFormat.FOOTER, FOOTER));
        TestData.check(page, text);
    }

    @Test
    void theMagicsAreWhatThePagesSpell() {
        assertThat(spelled(ManifestFormat.MAGIC)).isEqualTo("VELOTREE");
        assertThat(spelled(PackFormat.HEADER_MAGIC)).isEqualTo("VELOPACK");
        assertThat(spelled(PackFormat.FOOTER_MAGIC)).isEqualTo("VELOPEND");
    }

    private static String spelled(long magic) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Long.BYTES; i++) {
            text.append((char) (magic >>> (8 * i) & 0xff));
        }
        return text.toString();
    }
}

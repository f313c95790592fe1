package dev.velo.core.tar;

import dev.velo.core.testing.Fuzz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whatever an archive holds, its entries are read, or it is refused. */
class TarFuzzTest {
    private static final int BLOCK = 512;
    private static final int ENTRIES = 1000;

    private static byte[] seed() {
        return new TarArchive()
                .directory("folder")
                .file("folder/file", "contents")
                .pax("path", "folder/a long name", "mtime", "1700000000.25", "SCHILY.xattr.user.note", "value")
                .file("ignored", "more contents")
                .entry("././@LongLink", 'L', "", TarArchive.latin("a/very/long/name\0"))
                .file("short", "x")
                .symlink("link", "folder/file")
                .hardLink("further", "folder/file")
                .file("folder/.wh.gone", "")
                .file("folder/.wh..wh..opq", "")
                .pax(
                        "GNU.sparse.major",
                        "1",
                        "GNU.sparse.minor",
                        "0",
                        "GNU.sparse.realsize",
                        "4096",
                        "GNU.sparse.name",
                        "sparse")
                .entry("sparse", '0', "", Arrays.copyOf(TarArchive.latin("1\n1024\n3\n"), BLOCK + 3))
                .ended();
    }

    @Test
    void archives() throws IOException {
        Fuzz.of("tar").with(seed()).run(TarFuzzTest::read);
    }

    /** With the checksum of every header put right. */
    @Test
    void archivesWithRightChecksums() throws IOException {
        Fuzz.of("tar").with(seed()).run(input -> {
            for (int at = 0; at + BLOCK <= input.length; at += BLOCK) {
                byte[] block = Arrays.copyOfRange(input, at, at + BLOCK);
                boolean header = block[257] == 'u' && block[258] == 's';
                if (header) {
                    System.arraycopy(TarArchive.summed(block), 0, input, at, BLOCK);
                }
            }
            read(input);
        });
    }

    private static void read(byte[] input) throws IOException {
        TarReader reader = new TarReader("archive.tar", new ByteArrayInputStream(input));
        for (int i = 0; i < ENTRIES && reader.next() != null; i++) {
            // what is left of its contents is passed over
        }
    }
}

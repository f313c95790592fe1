package dev.velo.core.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.core.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives with one defect each: refused with a reason that names the archive, and nothing is left of them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileTarTest {
    private TarStore place;

    @BeforeEach
    void makeStore() throws IOException {
        place = new TarStore();
        place.take(new TarArchive().file("before", "before"));
    }

    @AfterEach
    void deleteStore() throws IOException {
        place.close();
    }

    private List<Path> published() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Store.Room room : Store.Room.values()) {
            all.addAll(place.store.files(room));
        }
        return all;
    }

    private IOException refused(byte[] archive) throws IOException {
        List<Path> before = published();
        byte[] manifest = Files.readAllBytes(place.manifestFile());
        IOException refusal = catchThrowableOfType(IOException.class, () -> place.take(archive));
        assertThat(refusal).isNotNull().hasMessageStartingWith("archive.tar: ");
        assertThat(published()).isEqualTo(before);
        assertThat(place.manifestFile()).hasBinaryContent(manifest);
        assertThat(place.store.problems()).isEmpty();
        try (var names = Files.list(place.store.folder())) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("store", "archive.velo");
        }
        return refusal;
    }

    private void refused(Reason reason, byte[] archive) throws IOException {
        assertThat(refused(archive))
                .isInstanceOfSatisfying(
                        FormatException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private void refused(String problem, TarArchive archive) throws IOException {
        // behind something that is taken first, so that there is something to take back
        byte[] whole = new TarArchive()
                .file("taken", "x".repeat(3_000_000))
                .raw(archive.ended())
                .bytes();
        assertThat(refused(whole)).hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "..", "/../x", "a/.."})
    void namesThatLeadOutside(String name) throws Exception {
        refused("a name that no file can have", new TarArchive().file(name, "x"));
    }

    @Test
    void aNameThatIsTooLong() throws Exception {
        refused(
                "a name that no file can have",
                new TarArchive().pax("path", "n".repeat(256)).file("x", "x"));
    }

    @Test
    void aNameWithNul() throws Exception {
        refused(
                "a name that no file can have",
                new TarArchive().pax("path", "a\0b").file("x", "x"));
    }

    @Test
    void aFileThatIsTheRoot() throws Exception {
        refused("is the root of the tree", new TarArchive().file("./", "").entry(".", '0', "", new byte[0]));
    }

    @Test
    void aNameThroughASymbolicLink() throws Exception {
        refused(
                "a/passwd: stands below a, which is a symbolic link",
                new TarArchive().symlink("a", "/etc").file("a/passwd", "x"));
    }

    @Test
    void aNameThroughAHardLinkToASymbolicLink() throws Exception {
        refused(
                "stands below b, which is a symbolic link",
                new TarArchive().symlink("a", "/etc").hardLink("b", "a").directory("b/c"));
    }

    @Test
    void aNameBelowAFile() throws Exception {
        refused(
                "stands below a, which is no directory",
                new TarArchive().file("a", "1").file("a/b", "2"));
    }

    @Test
    void anOpaqueMarkThroughASymbolicLink() throws Exception {
        refused("a symbolic link", new TarArchive().symlink("a", "/etc").file("a/.wh..wh..opq", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh.", "a/.wh.", ".wh..", ".wh..."})
    void whiteoutsOfDirectoriesAround(String name) throws Exception {
        assertThat(refused(new TarArchive().file(name, "").ended())).hasMessageContaining(name);
    }

    @Test
    void aHardLinkToALaterEntry() throws Exception {
        refused(
                "not among the entries before it",
                new TarArchive().hardLink("a", "b").file("b", "x"));
    }

    @Test
    void aHardLinkToItself() throws Exception {
        refused("not among the entries before it", new TarArchive().hardLink("a", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "link/passwd"})
    void aHardLinkToTheOutside(String target) throws Exception {
        assertThat(refused(new TarArchive()
                        .symlink("link", "/etc")
                        .hardLink("a", target)
                        .ended()))
                .hasMessageContaining("passwd");
    }

    @Test
    void aHardLinkToADirectory() throws Exception {
        refused(
                "is a hard link to the directory d",
                new TarArchive().directory("d").hardLink("a", "d"));
    }

    @Test
    void aSymbolicLinkToNothing() throws Exception {
        refused("is a symbolic link to what is no path", new TarArchive().symlink("a", ""));
    }

    @Test
    void aDeviceThatCannotBe() throws Exception {
        byte[] header = TarArchive.header("a", '3', "", 0);
        TarArchive.put(header, 329, "7777777");
        refused("cannot be", new TarArchive().raw(TarArchive.summed(header)));
    }

    @Test
    void anUnknownType() throws Exception {
        refused(
                Reason.BAD_KIND,
                new TarArchive().entry("a", 'M', "", new byte[0]).ended());
    }

    @Test
    void aSizeThatTheArchiveDoesNotHave() throws Exception {
        refused(
                Reason.TRUNCATED,
                new TarArchive().raw(TarArchive.header("a", '0', "", 1_000_000)).bytes());
    }

    @Test
    void aHugeSize() throws Exception {
        byte[] header = TarArchive.header("a", '0', "", 0);
        TarArchive.put(header, 124, "\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
        refused("claims to be", new TarArchive().raw(TarArchive.summed(header)));
    }

    @Test
    void aSizeBeyondAllNumbers() throws Exception {
        byte[] header = TarArchive.header("a", '0', "", 0);
        TarArchive.put(header, 124, "\u0080\u0001\0\0\0\0\0\0\0\0\0\0");
        refused(
                Reason.BAD_LENGTH,
                new TarArchive().raw(TarArchive.summed(header)).ended());
    }

    @Test
    void aNegativeSize() throws Exception {
        byte[] header = TarArchive.header("a", '0', "", 0);
        TarArchive.put(header, 124, "\u00ff".repeat(12));
        refused(
                Reason.BAD_LENGTH,
                new TarArchive().raw(TarArchive.summed(header)).ended());
        refused(
                Reason.BAD_LENGTH,
                new TarArchive().pax("size", "-1").file("a", "").ended());
    }

    @Test
    void aNumberThatIsNone() throws Exception {
        byte[] header = TarArchive.header("a", '0', "", 0);
        TarArchive.put(header, 100, "rw-r--r");
        refused(
                Reason.BAD_LENGTH,
                new TarArchive().raw(TarArchive.summed(header)).ended());
        refused(
                Reason.BAD_LENGTH,
                new TarArchive().pax("mtime", "1e999999999").file("a", "").ended());
    }

    @Test
    void aUserThatCannotBe() throws Exception {
        refused(
                Reason.BAD_LENGTH,
                new TarArchive().pax("uid", "4294967296").file("a", "").ended());
    }

    @Test
    void aHeaderWithAnotherChecksum() throws Exception {
        byte[] header = TarArchive.header("a", '0', "", 0);
        header[0] = 'b';
        refused(Reason.CHECKSUM, new TarArchive().file("x", "x").raw(header).ended());
    }

    @Test
    void whatIsNoArchive() throws Exception {
        refused(Reason.BAD_MAGIC, "just text ".repeat(100).getBytes(StandardCharsets.US_ASCII));
        refused(Reason.TRUNCATED, "short".getBytes(StandardCharsets.US_ASCII));
        refused(Reason.EMPTY, new byte[0]);
    }

    @Test
    void anArchiveWithoutItsEnd() throws Exception {
        refused(Reason.TRUNCATED, new TarArchive().file("a", "x").bytes());
    }

    @Test
    void anArchiveThatIsCutAnywhere() throws Exception {
        byte[] whole = new TarArchive()
                .pax("SCHILY.xattr.user.a", "b")
                .file("a", "x".repeat(2000))
                .bytes();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50; i++) {
            refused(Reason.TRUNCATED, Arrays.copyOf(whole, 1 + random.nextInt(whole.length)));
        }
    }

    @Test
    void aPaxHeaderOfAHugeSize() throws Exception {
        refused(
                Reason.BAD_LENGTH,
                new TarArchive()
                        .raw(TarArchive.header("pax", 'x', "", 8_000_000_000L))
                        .ended());
        refused(
                Reason.BAD_LENGTH,
                new TarArchive()
                        .raw(TarArchive.header("long", 'L', "", 8_000_000_000L))
                        .ended());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5 a=b\n",
                "7 a=b\n",
                "6 a=b",
                "99999999999 a=b\n",
                "-6 a=b\n",
                "6 aab\n",
                " a=b\n",
                "0 a=b\n",
                "999 a=b\n",
                "3 \n"
            })
    void aPaxRecordOfAnotherLength(String record) throws Exception {
        refused(
                Reason.BAD_LENGTH,
                new TarArchive()
                        .entry("pax", 'x', "", TarArchive.latin(record))
                        .file("a", "")
                        .ended());
    }

    @Test
    void attributesThatNoFileCanHave() throws Exception {
        String problem = "has extended attributes that no file can have";
        refused(
                problem,
                new TarArchive()
                        .pax("SCHILY.xattr.user." + "n".repeat(251), "x")
                        .file("a", ""));
        refused(
                problem,
                new TarArchive().pax("SCHILY.xattr.user.a", "x".repeat(65537)).file("a", ""));
        refused(problem, new TarArchive().pax("SCHILY.xattr.user.a\0b", "x").file("a", ""));
    }

    @Test
    void aSparseFileOfNothingButAHugeHole() throws Exception {
        refused(
                "claims to be",
                new TarArchive()
                        .pax("GNU.sparse.map", "0,0", "GNU.sparse.size", "900000000000000000")
                        .file("a", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0,1,0,1",
                "5,1,2,1",
                "0,1",
                "0,5",
                "0,1,2",
                "0,x",
                "",
                "99,4",
                "0,-4",
                "0,2,999999999999999999,2"
            })
    void aSparseMapThatContradictsItself(String map) throws Exception {
        TarArchive archive = new TarArchive()
                .pax("GNU.sparse.map", map, "GNU.sparse.size", "10")
                .file("a", "four");
        if (map.isEmpty()) {
            // no map: the file is as it stands there
            assertThat(place.sketch(place.take(archive))).containsEntry("a", "four");
        } else {
            refused(Reason.INCONSISTENT, archive.ended());
        }
    }

    @Test
    void aSparseMapInTheContentsThatIsNone() throws Exception {
        for (String map : List.of("1\n0\n9\n", "9999999\n0\n", "text", "99999999999999999999999\n")) {
            refused(
                    Reason.INCONSISTENT,
                    new TarArchive()
                            .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "100")
                            .file("a", map + "\0".repeat(512 - map.length()) + "four")
                            .ended());
        }
    }

    @Test
    void compressedBytesThatAreDamagedOrCutShort() throws Exception {
        byte[] archive = new TarArchive().file("a", "x".repeat(100_000)).ended();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(archive);
        }
        byte[] gzipped = out.toByteArray();
        assertThat(refused(Arrays.copyOf(gzipped, gzipped.length / 2)))
                .hasMessageContaining("is damaged, or cut short");
        assertThat(refused(Arrays.copyOf(gzipped, gzipped.length - 4)))
                .hasMessageContaining("is damaged, or cut short");
        assertThat(refused(Arrays.copyOf(gzipped, 5))).hasMessageContaining("is damaged, or cut short");
        gzipped[gzipped.length - 6] ^= 1;
        assertThat(refused(gzipped)).hasMessageContaining("is damaged, or cut short");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz", "bzip2", "zstd"})
    void whatOtherProgramsCompressedAndIsCutShort(String program) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
        byte[] noise = new byte[200_000];
        new SplittableRandom(1).nextBytes(noise);
        Path file = Files.write(
                Files.createTempFile("velo-test", ".tar"),
                new TarArchive().entry("a", '0', "", noise).ended());
        byte[] packed;
        try {
            Process process = new ProcessBuilder(program, "-c", file.toString()).start();
            try (var in = process.getInputStream()) {
                packed = in.readAllBytes();
            }
        } finally {
            Files.delete(file);
        }

        assertThat(refused(Arrays.copyOf(packed, packed.length - 20))).hasMessageContaining("is damaged, or cut short");
        // what comes of it may be refused before it is known to be damaged
        packed[packed.length / 2] ^= 0x55;
        refused(packed);
    }

    @Test
    void randomDamageIsRefusedOrHarmless() throws Exception {
        byte[] whole = new TarArchive()
                .pax("SCHILY.xattr.user.a", "b", "mtime", "1.5")
                .file("a", "x".repeat(700))
                .symlink("b", "a")
                .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "100")
                .file("c", "1\n0\n4\n" + "\0".repeat(506) + "four")
                .ended();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            if (random.nextBoolean()) {
                // past the checksum
                int block = at / TarArchive.BLOCK * TarArchive.BLOCK;
                byte[] header = Arrays.copyOfRange(damaged, block, block + TarArchive.BLOCK);
                System.arraycopy(TarArchive.summed(header), 0, damaged, block, TarArchive.BLOCK);
            }
            try {
                place.take(damaged);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("archive.tar: ");
            }
        }
        assertThat(place.store.problems()).isEmpty();
    }
}

package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.Reason;
import dev.velo.ffm.Architecture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is read from the head of a program, and that no program can lead the reader astray. */
class ElfHeadTest {
    private static final int X86_64 = 62;
    private static final int COUNT_AT = 56;
    private static final int SEGMENT_OFFSET_AT = ElfFile.HEADER_BYTES + 8;
    private static final int SEGMENT_LENGTH_AT = ElfFile.HEADER_BYTES + 32;
    private static final int MUTATIONS = 20_000;

    private static ElfHead read(byte[] file) throws IOException {
        return ElfHead.read("file", ElfFile.reading(file));
    }

    private static String loader(ElfHead head) {
        return new String(Objects.requireNonNull(head.interpreter()), StandardCharsets.US_ASCII);
    }

    private static void assertRefused(byte[] file, Reason reason) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> read(file))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void theShellOfThisSystemIsDynamic() throws Exception {
        ElfHead head = read(Files.readAllBytes(Path.of("/bin/sh")));
        assertThat(head.bits()).isEqualTo(64);
        assertThat(head.machine()).isEqualTo(Architecture.current().machine());
        assertThat(head.isGo()).isFalse();
        assertThat(Path.of(loader(head))).exists();
    }

    @Test
    void theGoCommandIsAGoProgram() throws Exception {
        Path go = Path.of("/usr/local/go/bin/go");
        assumeTrue(Files.exists(go), "no Go here");
        assertThat(read(Files.readAllBytes(go)).isGo()).isTrue();
    }

    @Test
    void aProgramWithoutALoaderIsStatic() throws Exception {
        ElfHead head = read(new ElfFile(X86_64).with(1, new byte[8]).bytes());
        assertThat(head.interpreter()).isNull();
        assertThat(head.isGo()).isFalse();
    }

    @Test
    void goIsFoundBehindOtherNotes() throws Exception {
        byte[] other = ElfFile.note("GNU\0", 3, 20);
        byte[] go = ElfFile.note("Go\0\0", 4, 83);
        byte[] both = Arrays.copyOf(other, other.length + go.length);
        System.arraycopy(go, 0, both, other.length, go.length);
        assertThat(read(ElfFile.dynamic(X86_64).with(ElfFile.PT_NOTE, both).bytes())
                        .isGo())
                .isTrue();
        assertThat(read(ElfFile.dynamic(X86_64).with(ElfFile.PT_NOTE, other).bytes())
                        .isGo())
                .isFalse();
    }

    @Test
    void theBuildIdOfAnotherLinkerIsNotGo() throws Exception {
        byte[] note = ElfFile.note("GNU\0", 4, 8);
        assertThat(read(ElfFile.dynamic(X86_64).with(ElfFile.PT_NOTE, note).bytes())
                        .isGo())
                .isFalse();
    }

    @Test
    void otherClassesAndByteOrdersAreTold() throws Exception {
        byte[] small = ElfFile.dynamic(3).bytes();
        small[4] = 1;
        assertThat(read(small).bits()).isEqualTo(32);
        byte[] big = ElfFile.dynamic(X86_64).bytes();
        big[5] = 2;
        assertThat(read(big).machine()).isZero();
    }

    @Test
    void whatIsNoElfFileIsRefused() {
        byte[] file = ElfFile.dynamic(X86_64).bytes();
        file[1] = 'F';
        assertRefused(file, Reason.BAD_MAGIC);
        assertThat(ElfHead.isElf(new byte[] {0x7f, 'E', 'L'})).isFalse();
    }

    @Test
    void everyShortenedFileIsRefused() {
        byte[] whole = ElfFile.dynamic(X86_64).bytes();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), Reason.TRUNCATED);
        }
    }

    @Test
    void offsetsOutsideOfTheFileAreRefused() {
        for (long offset : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20}) {
            assertRefused(with(32, offset), Reason.TRUNCATED);
            assertRefused(with(SEGMENT_OFFSET_AT, offset), Reason.TRUNCATED);
        }
    }

    @Test
    void aLoaderOfAnyLengthIsRefused() {
        for (long length : new long[] {0, 1, -1, 4097, Long.MAX_VALUE}) {
            assertRefused(with(SEGMENT_LENGTH_AT, length), Reason.BAD_LENGTH);
        }
    }

    @Test
    void aLoaderWithoutAnEndIsRefused() {
        byte[] path = ElfFile.LOADER.getBytes(StandardCharsets.US_ASCII);
        assertRefused(new ElfFile(X86_64).with(ElfFile.PT_INTERP, path).bytes(), Reason.INCONSISTENT);
        assertRefused(new ElfFile(X86_64).with(ElfFile.PT_INTERP, new byte[4]).bytes(), Reason.INCONSISTENT);
    }

    @Test
    void moreHeadersThanTheKernelTakesAreRefused() {
        byte[] file = ElfFile.dynamic(X86_64).bytes();
        numbers(file).putShort(COUNT_AT, (short) 0xffff);
        assertRefused(file, Reason.BAD_LENGTH);
    }

    @Test
    void notesThatLieAreNoGo() throws Exception {
        for (int lie : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 16}) {
            for (int field : new int[] {0, 4}) {
                byte[] note = ElfFile.note("GNU\0", 3, 8);
                numbers(note).putInt(field, lie);
                assertThat(read(ElfFile.dynamic(X86_64)
                                        .with(ElfFile.PT_NOTE, note)
                                        .bytes())
                                .isGo())
                        .isFalse();
            }
        }
    }

    @Test
    void nothingButATypedFailureComesOfChangedBytes() {
        byte[] whole = ElfFile.dynamic(X86_64)
                .with(ElfFile.PT_NOTE, ElfFile.note("Go\0\0", 4, 20))
                .bytes();
        Random random = new Random(1);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] file = Arrays.copyOf(whole, random.nextInt(8) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int change = random.nextInt(6); change >= 0 && file.length > 0; change--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            try {
                read(file);
            } catch (IOException e) {
                assertThat(e).isInstanceOf(FormatException.class);
            }
        }
    }

    private static byte[] with(int at, long value) {
        byte[] file = ElfFile.dynamic(X86_64).bytes();
        numbers(file).putLong(at, value);
        return file;
    }

    private static ByteBuffer numbers(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

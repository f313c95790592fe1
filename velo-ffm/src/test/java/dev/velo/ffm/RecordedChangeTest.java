package dev.velo.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedChangeTest {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void aFileIsKnownByTheSameNumberFromItsBeginningOn() throws Exception {
        long name = CString.first((folder + "/a").getBytes(StandardCharsets.UTF_8));
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT;
        RecordedChange open = RecordedChange.before(Syscall.OPENAT, FileCalls.AT_FDCWD, name, flags, 0600);
        int fd = FileCalls.openat(FileCalls.AT_FDCWD, name, flags, 0600);
        RecordedCall created = Objects.requireNonNull(open.made(fd));
        assertThat(created.kind()).isEqualTo(RecordedCall.Kind.CREATE);
        assertThat(created.newName()).isEqualTo("a");
        assertThat(created.directory()).isEqualTo(number(folder));
        assertThat(created.number()).isEqualTo(0600);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(TEXT.length).copyFrom(MemorySegment.ofArray(TEXT));
            RecordedChange write = RecordedChange.before(Syscall.PWRITE64, fd, bytes.address(), TEXT.length, 7);
            long done = FileCalls.pwrite(fd, bytes.address(), TEXT.length, 7);
            RecordedCall written = Objects.requireNonNull(write.made(done));
            assertThat(written.file()).isEqualTo(created.file());
            assertThat(written.number()).isEqualTo(7);
            assertThat(written.bytes()).isEqualTo(TEXT);
        } finally {
            FileCalls.close(fd);
        }
        assertThat(RecordedChange.before(Syscall.OPENAT, FileCalls.AT_FDCWD, name, flags, 0600)
                        .made(fd))
                .as("a file that was there")
                .isNull();
    }

    @Test
    void whatIsWrittenDownIsReadAgain() throws Exception {
        RecordedCall call = new RecordedCall(RecordedCall.Kind.RENAME, -5, "a\u00ff", 7, "b", 1L << 40, TEXT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        call.write(new DataOutputStream(out));
        RecordedCall read = RecordedCall.read(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
        assertThat(read).usingRecursiveComparison().isEqualTo(call);
    }

    private static long number(Path path) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, path.toString().getBytes(StandardCharsets.UTF_8), 0, stat);
        return RecordedCall.number(stat.device(), stat.inode());
    }
}

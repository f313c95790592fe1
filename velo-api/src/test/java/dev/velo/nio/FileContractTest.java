package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Reading files. */
final class FileContractTest {
    private static final byte[] DATA = FixtureTree.data();

    @ForEachSubject
    void wholeFiles(Subject subject) throws IOException {
        assertThat(Files.readAllBytes(subject.at("data"))).isEqualTo(DATA);
        assertThat(Files.readString(subject.at("text"))).isEqualTo("one\ntwo\n");
        assertThat(Files.readAllLines(subject.at("to-text"))).containsExactly("one", "two");
        assertThat(Files.readAllBytes(subject.at("empty"))).isEmpty();
        assertThat(Files.readString(subject.at("through/deep/leaf"))).isEqualTo("leaf");
        assertThat(Files.readString(subject.at("Ünïcode"))).isEqualTo("ü");
        assertThat(Files.mismatch(subject.at("twin"), subject.at("to-text"))).isEqualTo(-1);
    }

    @ForEachSubject
    void streams(Subject subject) throws IOException {
        try (InputStream stream = Files.newInputStream(subject.at("data"))) {
            assertThat(stream.read()).isZero();
            assertThat(stream.skip(99)).isEqualTo(99);
            assertThat(stream.readNBytes(3)).isEqualTo(new byte[] {100, 101, 102});
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            assertThat(stream.transferTo(rest)).isEqualTo(DATA.length - 103);
            assertThat(rest.toByteArray()).isEqualTo(Arrays.copyOfRange(DATA, 103, DATA.length));
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    @ForEachSubject
    void channelsRememberWhereTheyAre(Subject subject) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(subject.at("data"))) {
            assertThat(channel.position()).isZero();
            assertThat(channel.size()).isEqualTo(DATA.length);
            ByteBuffer buffer = ByteBuffer.allocate(10);
            assertThat(channel.read(buffer)).isEqualTo(10);
            assertThat(channel.position()).isEqualTo(10);
            assertThat(channel.position(DATA.length - 3L).read(buffer.clear())).isEqualTo(3);
            assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(DATA, DATA.length - 3, 3));
            assertThat(channel.read(buffer.clear())).isEqualTo(-1);
            assertThat(channel.position(DATA.length + 5L).position()).isEqualTo(DATA.length + 5L);
            assertThat(channel.read(buffer)).isEqualTo(-1);
            assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ForEachSubject
    void fileChannels(Subject subject) throws IOException {
        try (FileChannel channel = FileChannel.open(subject.at("data"))) {
            ByteBuffer direct = ByteBuffer.allocateDirect(300);
            assertThat(channel.read(direct, 1000)).isEqualTo(300);
            assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(DATA, 1000, 300));
            assertThat(channel.position()).isZero();
            ByteBuffer[] parts = {ByteBuffer.allocate(3), ByteBuffer.allocate(0), ByteBuffer.allocate(4)};
            assertThat(channel.read(parts)).isEqualTo(7);
            assertThat(parts[2].flip()).isEqualTo(ByteBuffer.wrap(DATA, 3, 4));
            assertThat(channel.position()).isEqualTo(7);
            ByteArrayOutputStream copied = new ByteArrayOutputStream();
            assertThat(channel.transferTo(50, 200_000, Channels.newChannel(copied)))
                    .isEqualTo(DATA.length - 50);
            assertThat(copied.toByteArray()).isEqualTo(Arrays.copyOfRange(DATA, 50, DATA.length));
            assertThat(channel.transferTo(DATA.length, 1, Channels.newChannel(copied)))
                    .isZero();
            assertThat(channel.lock(0, 10, true).isShared()).isTrue();
        }
    }

    @ForVeloAndLinux
    void mapping(Subject subject) throws IOException {
        try (FileChannel channel = FileChannel.open(subject.at("data"))) {
            MappedByteBuffer whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, DATA.length);
            assertThat(whole).isEqualTo(ByteBuffer.wrap(DATA));
            assertThat(whole.isReadOnly()).isTrue();
            assertThat(channel.map(FileChannel.MapMode.READ_ONLY, 777, 5)).isEqualTo(ByteBuffer.wrap(DATA, 777, 5));
            assertThat(channel.map(FileChannel.MapMode.READ_ONLY, 5, 0).remaining())
                    .isZero();
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 1))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, -1, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, 0, DATA.length + 1L))
                    .isInstanceOf(IOException.class);
        }
    }

    @ForEachSubject
    void whatWasOpenedToReadIsNotWritten(Subject subject) throws IOException {
        try (FileChannel channel = FileChannel.open(subject.at("text"))) {
            ByteBuffer byteToWrite = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> channel.write(byteToWrite)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.write(byteToWrite, 0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.write(new ByteBuffer[] {byteToWrite}))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.truncate(1)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.transferFrom(channel, 0, 1))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(channel::lock).isInstanceOf(NonWritableChannelException.class);
        }
    }

    @ForEachSubject
    void closedChannelsSaySo(Subject subject) throws IOException {
        FileChannel channel = FileChannel.open(subject.at("text"));
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.position(0)).isInstanceOf(ClosedChannelException.class);
    }

    @ForEachSubject
    void interruptedReadersLoseTheirChannel(Subject subject) throws IOException {
        try (FileChannel channel = FileChannel.open(subject.at("text"))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @ForVeloAndLinux
    void nobodyWritesWhileReading(Subject subject) {
        assertThatThrownBy(() -> Files.newByteChannel(
                        subject.at("text"), Set.of(StandardOpenOption.READ, StandardOpenOption.APPEND)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Files.newInputStream(subject.at("text"), StandardOpenOption.WRITE))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Files.newByteChannel(subject.at("text"), Set.of(new OpenOption() {})))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ForEachSubject
    void optionsForWritersMeanNothingToReaders(Subject subject) throws IOException {
        Set<OpenOption> options = Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.SPARSE);
        try (SeekableByteChannel channel = Files.newByteChannel(subject.at("text"), options)) {
            assertThat(channel.size()).isEqualTo(8);
        }
        assertThatThrownBy(() -> Files.newByteChannel(subject.at("missing"), Set.of(StandardOpenOption.CREATE)))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ForEachSubject
    void whatIsNotThereCannotBeRead(Subject subject) {
        for (String path : List.of("missing", "missing/below", "to-nothing", "dir/missing", "TEXT")) {
            assertThatThrownBy(() -> Files.readAllBytes(subject.at(path)))
                    .as(path)
                    .isInstanceOfSatisfying(
                            NoSuchFileException.class,
                            e -> assertThat(e.getFile())
                                    .isEqualTo(subject.at(path).toString()));
        }
    }

    @ForVeloAndLinux
    void filesAreNoDirectoriesOnTheWay(Subject subject) {
        assertThatThrownBy(() -> Files.readAllBytes(subject.at("text/below")))
                .isInstanceOf(FileSystemException.class)
                .isNotInstanceOf(NoSuchFileException.class);
    }

    @ForEachSubject
    void whatHasNoBytesCannotBeRead(Subject subject) {
        assertThatThrownBy(() -> Files.readAllBytes(subject.at("dir"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Files.readAllBytes(subject.at("loop"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Files.newByteChannel(subject.at("to-text"), LinkOption.NOFOLLOW_LINKS))
                .isInstanceOf(IOException.class);
    }
}

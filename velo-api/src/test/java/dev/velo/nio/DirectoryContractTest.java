package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** What is in directories. */
final class DirectoryContractTest {
    private static List<String> names(Iterable<Path> paths) {
        List<String> names = new ArrayList<>();
        paths.forEach(path -> names.add(String.valueOf(path.getFileName())));
        return names;
    }

    @ForEachSubject
    void entries(Subject subject) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.tree())) {
            assertThat(names(stream)).containsExactlyInAnyOrderElementsOf(FixtureTree.ROOT_NAMES);
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("vide"))) {
            assertThat(stream).isEmpty();
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("through"))) {
            assertThat(stream).containsExactly(subject.at("through/deep"));
        }
    }

    @ForEachSubject
    void entriesOfAPatternOrFilter(Subject subject) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("dir"), "*.{txt,java}")) {
            assertThat(names(stream)).containsExactlyInAnyOrder("a.txt", "b.txt", "c.java");
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("dir"), Files::isDirectory)) {
            assertThat(names(stream)).containsExactly("sub");
        }
    }

    @ForEachSubject
    void filtersMayFail(Subject subject) throws IOException {
        DirectoryStream.Filter<Path> failing = path -> {
            throw new IOException("filter");
        };
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("dir"), failing)) {
            Iterator<Path> entries = stream.iterator();
            assertThatThrownBy(entries::hasNext)
                    .isInstanceOf(DirectoryIteratorException.class)
                    .hasRootCauseMessage("filter");
        }
    }

    @ForEachSubject
    void oneStreamOneIterator(Subject subject) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("vide"))) {
            Iterator<Path> entries = stream.iterator();
            assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
            assertThat(entries.hasNext()).isFalse();
            assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(entries::remove)
                    .isInstanceOfAny(IllegalStateException.class, UnsupportedOperationException.class);
        }
    }

    @ForEachSubject
    @SuppressWarnings("StreamResourceLeak") // closed too early on purpose
    void closedStreamsEnd(Subject subject) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("dir"));
        Iterator<Path> entries = stream.iterator();
        entries.next();
        stream.close();
        stream.close();
        assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
    }

    @ForVeloAndLinux
    @SuppressWarnings("StreamResourceLeak") // closed too early on purpose
    void iteratorsOfClosedStreamsEndQuietly(Subject subject) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(subject.at("dir"));
        Iterator<Path> entries = stream.iterator();
        entries.next();
        stream.close();
        int readAhead = 0;
        while (entries.hasNext()) {
            entries.next();
            readAhead++;
        }
        assertThat(readAhead).isLessThanOrEqualTo(1);
        assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
    }

    @ForEachSubject
    void onlyDirectoriesAreListed(Subject subject) {
        assertThatThrownBy(() -> Files.newDirectoryStream(subject.at("text")))
                .isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> Files.newDirectoryStream(subject.at("missing")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Files.newDirectoryStream(subject.at("to-nothing")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ForEachSubject
    void walking(Subject subject) throws IOException {
        try (Stream<Path> all = Files.walk(subject.at("dir"))) {
            assertThat(all.map(path -> subject.at("dir").relativize(path).toString()))
                    .containsExactlyInAnyOrder(
                            "", "a.txt", "b.txt", "c.java", "sub", "sub/deep", "sub/deep/leaf", "up");
        }
        try (Stream<Path> all = Files.walk(subject.tree(), 1)) {
            assertThat(all).hasSize(1 + FixtureTree.ROOT_NAMES.size());
        }
        try (Stream<Path> found = Files.find(subject.tree(), 9, (path, attributes) -> attributes.size() == 100_000)) {
            assertThat(found).containsExactly(subject.at("data"));
        }
        try (Stream<Path> listed = Files.list(subject.at("through"))) {
            assertThat(listed).containsExactly(subject.at("through/deep"));
        }
    }

    @ForEachSubject
    void walkingAlongLinks(Subject subject) throws IOException {
        try (Stream<Path> all = Files.walk(subject.at("dir"), FileVisitOption.FOLLOW_LINKS)) {
            assertThat(all).contains(subject.at("dir/up"), subject.at("dir/sub/deep/leaf"));
        }
        try (Stream<Path> all = Files.walk(subject.at("through"), FileVisitOption.FOLLOW_LINKS)) {
            assertThat(all).hasSize(3);
        }
    }

    @ForEachSubject
    void visiting(Subject subject) throws IOException {
        List<String> seen = new ArrayList<>();
        Files.walkFileTree(subject.at("dir/sub"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                seen.add("> " + directory.getFileName());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                seen.add(file.getFileName() + " " + attributes.size());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
                seen.add("< " + directory.getFileName());
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(seen).containsExactly("> sub", "> deep", "leaf 4", "< deep", "< sub");
    }

    @ForEachSubject
    void wayBackIsALoop(Subject subject) throws IOException {
        Path start = subject.at("round");
        try (Stream<Path> all = Files.walk(start, FileVisitOption.FOLLOW_LINKS)) {
            assertThatThrownBy(all::count)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(FileSystemLoopException.class);
        }
    }
}

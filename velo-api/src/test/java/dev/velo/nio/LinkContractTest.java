package dev.velo.nio;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;

/** Links, and the many names of one file. */
final class LinkContractTest {
    @ForEachSubject
    void targetsAreReadAsTheyAreWritten(Subject subject) throws IOException {
        assertThat(Files.readSymbolicLink(subject.at("to-text"))).isEqualTo(subject.path("text"));
        assertThat(Files.readSymbolicLink(subject.at("through"))).isEqualTo(subject.path("to-dir/sub"));
        assertThat(Files.readSymbolicLink(subject.at("to-dir/up"))).isEqualTo(subject.path("../text"));
        assertThat(Files.readSymbolicLink(subject.at("loop"))).isEqualTo(subject.path("loop"));
        assertThatThrownBy(() -> Files.readSymbolicLink(subject.at("text"))).isInstanceOf(NotLinkException.class);
        assertThatThrownBy(() -> Files.readSymbolicLink(subject.at("dir"))).isInstanceOf(NotLinkException.class);
        assertThatThrownBy(() -> Files.readSymbolicLink(subject.at("missing"))).isInstanceOf(NoSuchFileException.class);
    }

    @ForEachSubject
    void realPaths(Subject subject) throws IOException {
        String[][] cases = {
            {"text", "text"},
            {"to-text", "text"},
            {"./dir/../text", "text"},
            {"through/deep/leaf", "dir/sub/deep/leaf"},
            {"to-dir/up", "text"},
            {"through/..", "dir"},
            {"through/../up", "text"},
            {"dir/.", "dir"}
        };
        for (String[] each : cases) {
            assertThat(subject.at(each[0]).toRealPath()).as(each[0]).isEqualTo(subject.at(each[1]));
        }
        assertThat(subject.path("/").toRealPath()).isEqualTo(subject.path("/"));
        assertThat(subject.path("/..").toRealPath()).isEqualTo(subject.path("/"));
        assertThat(subject.path("").toRealPath().isAbsolute()).isTrue();
    }

    @ForVeloAndLinux
    void realPathsOfLinksThemselves(Subject subject) throws IOException {
        assertThat(subject.at("to-text").toRealPath(NOFOLLOW_LINKS)).isEqualTo(subject.at("to-text"));
        assertThat(subject.at("./dir/../to-dir/a.txt").toRealPath(NOFOLLOW_LINKS))
                .isEqualTo(subject.at("to-dir/a.txt"));
        assertThat(subject.at("through/../up").toRealPath(NOFOLLOW_LINKS)).isEqualTo(subject.at("through/../up"));
        assertThat(subject.at("loop").toRealPath(NOFOLLOW_LINKS)).isEqualTo(subject.at("loop"));
    }

    @ForEachSubject
    void whatIsNotThereHasNoRealPath(Subject subject) {
        for (String path : List.of("missing", "to-nothing", "missing/..")) {
            assertThatThrownBy(() -> subject.at(path).toRealPath()).as(path).isInstanceOf(NoSuchFileException.class);
        }
        assertThatThrownBy(() -> subject.at("loop").toRealPath()).isInstanceOf(IOException.class);
    }

    @ForEachSubject
    void oneFileHasManyNames(Subject subject) throws IOException {
        for (String name : List.of("text", "twin", "to-text", "dir/up", "dir/../text", "through/../up", "./text")) {
            assertThat(Files.isSameFile(subject.at("text"), subject.at(name)))
                    .as(name)
                    .isTrue();
        }
        for (String name : List.of("Text", "data", "dir")) {
            assertThat(Files.isSameFile(subject.at("text"), subject.at(name)))
                    .as(name)
                    .isFalse();
        }
        assertThat(Files.isSameFile(subject.at("missing"), subject.at("missing")))
                .isTrue();
    }

    @ForEachSubject
    void filesOfOthersAreOthers(Subject subject) throws IOException {
        Path other = (subject == Subject.LINUX ? Subject.VELO : Subject.LINUX).at("text");
        assertThat(Files.isSameFile(subject.at("text"), other)).isFalse();
    }

    @ForVeloAndLinux
    void onlyWhatIsThereIsCompared(Subject subject) {
        assertThatThrownBy(() -> Files.isSameFile(subject.at("text"), subject.at("missing")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Files.isSameFile(subject.at("missing"), subject.at("text")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatNullPointerException()
                .isThrownBy(() -> subject.fileSystem().provider().isSameFile(subject.at("text"), null));
    }

    @ForEachSubject
    void relativePathsBeginSomewhere(Subject subject) throws IOException {
        assertThat(Files.isDirectory(subject.path(""))).isTrue();
        assertThat(Files.isSameFile(subject.path(""), subject.path("").toAbsolutePath()))
                .isTrue();
        assertThat(Files.isSameFile(subject.path("."), subject.path(""))).isTrue();
    }
}

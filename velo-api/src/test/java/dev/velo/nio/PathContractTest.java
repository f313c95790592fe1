package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Paths as they are written, without looking anything up. */
final class PathContractTest {
    private static List<String> names(Path path) {
        List<String> names = new ArrayList<>();
        path.forEach(name -> names.add(name.toString()));
        return names;
    }

    @ForEachSubject
    void namesAreSeparatedBySlashes(Subject subject) {
        for (String written : List.of("foo/bar", "foo//bar", "foo/bar/", "foo///bar//")) {
            assertThat(subject.path(written)).hasToString("foo/bar");
            assertThat(names(subject.path(written))).containsExactly("foo", "bar");
        }
        assertThat(subject.path("foo", "bar", "baz/qux")).hasToString("foo/bar/baz/qux");
        assertThat(subject.path("", "foo", "", "bar", "")).hasToString("foo/bar");
        assertThat(subject.path("/", "foo/", "/bar")).hasToString("/foo/bar");
        assertThat(subject.path("//foo")).hasToString("/foo");
        assertThat(subject.path("///")).hasToString("/");
    }

    @ForEachSubject
    void backslashIsALetter(Subject subject) {
        assertThat(subject.path("a\\b").getNameCount()).isEqualTo(1);
    }

    @ForEachSubject
    void nulIsRefused(Subject subject) {
        assertThatExceptionOfType(InvalidPathException.class).isThrownBy(() -> subject.path("a\0b"));
    }

    @ForEachSubject
    void theRoot(Subject subject) {
        Path root = subject.path("/");
        assertThat(root.isAbsolute()).isTrue();
        assertThat(root.getRoot()).isEqualTo(root);
        assertThat(root.getFileName()).isNull();
        assertThat(root.getParent()).isNull();
        assertThat(root.getNameCount()).isZero();
        assertThat(names(root)).isEmpty();
        assertThat(root.normalize()).isEqualTo(root);
        assertThat(subject.fileSystem().getRootDirectories()).containsExactly(root);
        assertThatThrownBy(() -> root.getName(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ForVeloAndLinux
    void theRootHasNoNames(Subject subject) {
        assertThatThrownBy(() -> subject.path("/").iterator().next()).isInstanceOf(NoSuchElementException.class);
    }

    @ForEachSubject
    void theEmptyPath(Subject subject) {
        Path empty = subject.path("");
        assertThat(empty.isAbsolute()).isFalse();
        assertThat(empty.getRoot()).isNull();
        assertThat(empty.getParent()).isNull();
        assertThat(empty.getNameCount()).isEqualTo(1);
        assertThat(empty.getName(0)).isEqualTo(empty);
        assertThat(empty.getFileName()).isEqualTo(empty);
        assertThat(names(empty)).containsExactly("");
        assertThat(empty.normalize()).isEqualTo(empty);
        assertThat(empty).hasToString("");
    }

    @ForEachSubject
    void partsOfPaths(Subject subject) {
        Path absolute = subject.path("/a/b/c/d");
        assertThat(absolute.getRoot()).hasToString("/");
        assertThat(absolute.getParent()).hasToString("/a/b/c");
        assertThat(absolute.getFileName()).hasToString("d");
        assertThat(absolute.getNameCount()).isEqualTo(4);
        assertThat(absolute.getName(1)).hasToString("b");
        assertThat(absolute.subpath(1, 3)).hasToString("b/c");
        assertThat(absolute.subpath(0, 4)).hasToString("a/b/c/d");
        assertThat(subject.path("/a").getParent()).hasToString("/");
        assertThat(subject.path("a").getParent()).isNull();
        assertThat(subject.path("a/b").getRoot()).isNull();
        assertThat(subject.path("a/b").getParent()).hasToString("a");
        for (int[] range : new int[][] {{-1, 1}, {1, 1}, {2, 1}, {0, 5}, {4, 5}}) {
            assertThatThrownBy(() -> absolute.subpath(range[0], range[1])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> absolute.getName(4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> absolute.getName(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ForEachSubject
    void resolving(Subject subject) {
        assertThat(subject.path("/").resolve("a/b")).hasToString("/a/b");
        assertThat(subject.path("/a").resolve("b")).hasToString("/a/b");
        assertThat(subject.path("a").resolve("b/c")).hasToString("a/b/c");
        assertThat(subject.path("a").resolve("/b")).hasToString("/b");
        assertThat(subject.path("a").resolve("")).hasToString("a");
        assertThat(subject.path("").resolve("b")).hasToString("b");
        assertThat(subject.path("").resolve("/b")).hasToString("/b");
        assertThat(subject.path("a/b").resolve("..")).hasToString("a/b/..");
        assertThat(subject.path("a/b").resolve("./c")).hasToString("a/b/./c");
        assertThat(subject.path("/a/b").resolveSibling("c")).hasToString("/a/c");
        assertThat(subject.path("a").resolveSibling("c")).hasToString("c");
        assertThat(subject.path("a").resolveSibling("/c")).hasToString("/c");
        assertThat(subject.path("").resolveSibling("c")).hasToString("c");
        assertThat(subject.path("a").resolveSibling("")).hasToString("");
        assertThat(subject.path("/a/b").resolveSibling("")).hasToString("/a");
    }

    @ForEachSubject
    void normalizing(Subject subject) {
        String[][] cases = {
            {"a/../b", "b"},
            {"a/b/..", "a"},
            {"a/..", ""},
            {"a/./b", "a/b"},
            {"./a/.", "a"},
            {"..", ".."},
            {"../..", "../.."},
            {"../a", "../a"},
            {"a/../../b", "../b"},
            {"./..", ".."},
            {"/..", "/"},
            {"/../../a", "/a"},
            {"/a/../../b", "/b"},
            {"/.", "/"},
            {"a/b/../../c", "c"},
            {"a/.../b", "a/.../b"},
            {"a/..b", "a/..b"},
            {"../../a/..", "../.."},
            {"/a/b", "/a/b"}
        };
        for (String[] each : cases) {
            assertThat(subject.path(each[0]).normalize()).as(each[0]).hasToString(each[1]);
        }
    }

    @ForVeloAndLinux
    void hereIsNowhereOnceNormalized(Subject subject) {
        assertThat(subject.path(".").normalize()).hasToString("");
        assertThat(subject.path("./.").normalize()).hasToString("");
    }

    @ForEachSubject
    void relativizing(Subject subject) {
        String[][] cases = {
            {"/a/b", "/a/b", ""},
            {"/a/b", "/a/b/c", "c"},
            {"/a/b/c", "/a", "../.."},
            {"/a/b", "/a/c", "../c"},
            {"/", "/a", "a"},
            {"/a", "/", ".."},
            {"/a/b", "/c/d", "../../c/d"},
            {"a", "b", "../b"},
            {"a/b", "a/c/d", "../c/d"},
            {"", "a/b", "a/b"},
            {"a", "", ".."},
            {"a/b", "", "../.."},
            {"", "", ""}
        };
        for (String[] each : cases) {
            Path way = subject.path(each[0]).relativize(subject.path(each[1]));
            assertThat(way).as(each[0] + " to " + each[1]).hasToString(each[2]);
        }
        assertThatThrownBy(() -> subject.path("/a").relativize(subject.path("a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subject.path("a").relativize(subject.path("/a")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ForEachSubject
    void startsAndEnds(Subject subject) {
        Path path = subject.path("/a/b/c");
        assertThat(List.of("/", "/a", "/a/b", "/a/b/c")).allMatch(path::startsWith);
        assertThat(List.of("a", "/a/b/c/d", "/b", "/a/bb", "")).noneMatch(path::startsWith);
        assertThat(List.of("c", "b/c", "a/b/c", "/a/b/c")).allMatch(path::endsWith);
        assertThat(List.of("/c", "/", "b", "bc", "x/a/b/c", "")).noneMatch(path::endsWith);
        assertThat(subject.path("a/b").startsWith("a")).isTrue();
        assertThat(subject.path("a/b").startsWith("/a")).isFalse();
        assertThat(subject.path("").startsWith("")).isTrue();
        assertThat(subject.path("").endsWith("")).isTrue();
        assertThat(subject.path("").startsWith("a")).isFalse();
        assertThat(subject.path("/").startsWith("/")).isTrue();
        assertThat(subject.path("/").endsWith("/")).isTrue();
    }

    @ForEachSubject
    void equalityIsThatOfTheBytes(Subject subject) {
        assertThat(subject.path("a//b/")).isEqualTo(subject.path("a/b")).hasSameHashCodeAs(subject.path("a/b"));
        assertThat(subject.path("a")).isNotEqualTo(subject.path("A"));
        assertThat(subject.path("/a")).isNotEqualTo(subject.path("a"));
        assertThat(subject.path("a/.")).isNotEqualTo(subject.path("a"));
        assertThat(subject.path("\u00fc")).isNotEqualTo(subject.path("u\u0308"));
        assertThat(subject.path("a")).isNotEqualTo(null);
        assertThat((Object) subject.path("a")).isNotEqualTo("a");
    }

    @ForEachSubject
    void orderIsThatOfTheBytes(Subject subject) {
        List<Path> paths = new ArrayList<>(List.of(
                subject.path("b"), subject.path("a"), subject.path("B"), subject.path("ab"), subject.path("a")));
        paths.sort(null);
        assertThat(paths.stream().map(Path::toString)).containsExactly("B", "a", "a", "ab", "b");
    }

    @ForEachSubject
    void absoluteAndBack(Subject subject) {
        Path absolute = subject.path("a/b").toAbsolutePath();
        assertThat(absolute.isAbsolute()).isTrue();
        assertThat(absolute.endsWith("a/b")).isTrue();
        assertThat(absolute.toAbsolutePath()).isEqualTo(absolute);
    }

    @ForEachSubject
    void nullIsRefused(Subject subject) {
        Path path = subject.path("a");
        assertThatNullPointerException().isThrownBy(() -> path.resolve((Path) null));
        assertThatNullPointerException().isThrownBy(() -> path.relativize(null));
        assertThatNullPointerException().isThrownBy(() -> path.startsWith((Path) null));
        assertThatNullPointerException().isThrownBy(() -> path.endsWith((Path) null));
        assertThatNullPointerException().isThrownBy(() -> path.compareTo(null));
    }

    @ForEachSubject
    void pathsOfOthersAreRefused(Subject subject) {
        Path other = (subject == Subject.LINUX ? Subject.VELO : Subject.LINUX).path("a");
        assertThatThrownBy(() -> subject.path("a").resolve(other)).isInstanceOf(ProviderMismatchException.class);
        assertThatThrownBy(() -> subject.path("a").relativize(other)).isInstanceOf(ProviderMismatchException.class);
        assertThatThrownBy(() -> subject.path("a").compareTo(other)).isInstanceOf(ClassCastException.class);
        assertThat(subject.path("a")).isNotEqualTo(other);
        assertThat(subject.path("a").startsWith(other)).isFalse();
        assertThat(subject.path("a").endsWith(other)).isFalse();
    }

    @ForEachSubject
    void filesOfJavaIoAreOfTheDefaultFileSystemOnly(Subject subject) {
        Path path = subject.path("a");
        if (path.getFileSystem().equals(FileSystems.getDefault())) {
            assertThat(path.toFile()).hasToString("a");
        } else {
            assertThatThrownBy(path::toFile).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @ForEachSubject
    void urisLeadBack(Subject subject) {
        for (String name : List.of("text", "a b%;!c", "Ünïcode", "dir/a.txt", "missing", "?#")) {
            Path path = subject.at(name);
            assertThat(Path.of(path.toUri())).as(path.toUri().toString()).isEqualTo(path);
        }
        assertThat(subject.at("dir").toUri().toString()).endsWith("/dir/");
        assertThat(subject.at("text").toUri().toString()).endsWith("/text");
        assertThat(Path.of(subject.at("dir").toUri())).isEqualTo(subject.at("dir"));
    }
}

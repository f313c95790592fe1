package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

/** Which paths a pattern matches. */
final class GlobContractTest {
    private static void check(Subject subject, String pattern, List<String> matching, List<String> others) {
        PathMatcher matcher = subject.fileSystem().getPathMatcher("glob:" + pattern);
        for (String path : matching) {
            assertThat(matcher.matches(subject.path(path)))
                    .as(pattern + " on " + path)
                    .isTrue();
        }
        for (String path : others) {
            assertThat(matcher.matches(subject.path(path)))
                    .as(pattern + " on " + path)
                    .isFalse();
        }
    }

    @ForEachSubject
    void lettersMeanThemselves(Subject subject) {
        check(subject, "foo", List.of("foo"), List.of("Foo", "fo", "fooo", "foo/bar", "/foo"));
        check(subject, "/foo/bar", List.of("/foo/bar"), List.of("foo/bar", "/foo/bar/baz"));
        check(subject, "a,b", List.of("a,b"), List.of("a", "b"));
        check(subject, "ü", List.of("ü"), List.of("u"));
    }

    @ForEachSubject
    void oneLetter(Subject subject) {
        check(subject, "?", List.of("a", "."), List.of("", "ab", "/"));
        check(subject, "a?c", List.of("abc", "a.c"), List.of("ac", "a/c", "abbc"));
        check(subject, "?/?", List.of("a/b"), List.of("ab", "a/bb"));
    }

    @ForEachSubject
    void anyLettersOfOneName(Subject subject) {
        check(subject, "*", List.of("a", "abc", ".a", "a.b.c"), List.of("a/b", "/a"));
        check(subject, "*.java", List.of("A.java", ".java", "a.b.java"), List.of("A.javac", "a/B.java", "java"));
        check(subject, "/*/home", List.of("/a/home"), List.of("/home", "/a/b/home"));
        check(subject, "a*b*c", List.of("abc", "axbyc", "abbbc"), List.of("ab", "a/b/c"));
        check(subject, "*.*", List.of("a.b", "."), List.of("ab"));
    }

    @ForEachSubject
    void anyLettersOfAnyNames(Subject subject) {
        check(subject, "**", List.of("a", "a/b/c", "/a", "/"), List.of());
        check(subject, "/a/**", List.of("/a/b", "/a/b/c"), List.of("/a", "a/b"));
        check(subject, "**/c", List.of("a/c", "a/b/c", "/c"), List.of("c", "a/cc"));
        check(subject, "/**/c", List.of("/a/c", "/a/b/c"), List.of("/c"));
        check(subject, "**.txt", List.of("a.txt", "a/b.txt"), List.of("a.txt/b"));
    }

    @ForEachSubject
    void oneLetterOfSome(Subject subject) {
        check(subject, "[ab]", List.of("a", "b"), List.of("c", "ab", ""));
        check(subject, "[a-c]x", List.of("ax", "bx", "cx"), List.of("dx", "x"));
        check(subject, "[a-c0-9]", List.of("b", "5"), List.of("d", "-"));
        check(subject, "[!a-c]", List.of("d", "-"), List.of("a", "c", ""));
        check(subject, "[-a]", List.of("-", "a"), List.of("b"));
        check(subject, "[!-a]", List.of("b"), List.of("-", "a"));
        check(subject, "[*?]", List.of("*", "?"), List.of("a"));
        check(subject, "[\\]x", List.of("\\x"), List.of("x", "ax"));
        check(subject, "[.]", List.of("."), List.of("a"));
    }

    @ForVeloAndLinux
    void whatIsSpecialInExpressionsIsALetterHere(Subject subject) {
        check(subject, "a.(b)^$|+c", List.of("a.(b)^$|+c"), List.of("ax(b)^$|+c"));
        check(subject, "[[]", List.of("["), List.of("]"));
        check(subject, "[^a]", List.of("^", "a"), List.of("b"));
        check(subject, "[&&a]", List.of("&", "a"), List.of("b"));
    }

    @ForEachSubject
    void oneOfSome(Subject subject) {
        check(subject, "{a,b}", List.of("a", "b"), List.of("ab", "c", "a,b", ""));
        check(subject, "*.{java,class}", List.of("A.java", "A.class"), List.of("A.jav", "A."));
        check(subject, "{a*,b/?}", List.of("a", "axx", "b/c"), List.of("b", "a/x"));
        check(subject, "x{,y}z", List.of("xz", "xyz"), List.of("xyyz"));
        check(subject, "{[ab],c}", List.of("a", "b", "c"), List.of("d"));
    }

    @ForEachSubject
    void backslashTakesTheMeaning(Subject subject) {
        check(subject, "\\*", List.of("*"), List.of("a", "\\a"));
        check(subject, "a\\{b\\}", List.of("a{b}"), List.of("ab"));
        check(subject, "\\[a\\]", List.of("[a]"), List.of("a"));
        check(subject, "\\\\", List.of("\\"), List.of("a"));
        check(subject, "{a\\,b,c}", List.of("a,b", "c"), List.of("a", "b"));
    }

    @ForEachSubject
    void whatIsNoPatternIsRefused(Subject subject) {
        for (String pattern : List.of("[a", "[b-a]", "{a,b", "a\\", "{a,{b,c}}", "[]")) {
            assertThatThrownBy(() -> subject.fileSystem().getPathMatcher("glob:" + pattern))
                    .as(pattern)
                    .isInstanceOf(PatternSyntaxException.class);
        }
        assertThatThrownBy(() -> subject.fileSystem().getPathMatcher("regex:("))
                .isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> subject.fileSystem().getPathMatcher("foo"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> subject.fileSystem().getPathMatcher("shell:foo"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ForVeloAndLinux
    void bracketsHoldNoSeparator(Subject subject) {
        assertThatThrownBy(() -> subject.fileSystem().getPathMatcher("glob:[a/b]"))
                .isInstanceOf(PatternSyntaxException.class);
    }

    @Test
    void lettersBeyondTheBasicPlaneAreOneLetter() {
        check(Subject.VELO, "[😀-😂]?", List.of("😁😁"), List.of("😃😁", "😁"));
        check(Subject.VELO, "\\😀", List.of("😀"), List.of("\\😀"));
    }

    @ForEachSubject
    void theSyntaxIsNamedInAnyCase(Subject subject) {
        assertThat(subject.fileSystem().getPathMatcher("GLOB:a*").matches(subject.path("ab")))
                .isTrue();
        assertThat(subject.fileSystem().getPathMatcher("Regex:a.").matches(subject.path("ab")))
                .isTrue();
    }

    @ForEachSubject
    void regularExpressionsMatchTheWholePath(Subject subject) {
        PathMatcher matcher = subject.fileSystem().getPathMatcher("regex:(/[a-z]+)+");
        assertThat(matcher.matches(subject.path("/a/b"))).isTrue();
        assertThat(matcher.matches(subject.path("/a/B"))).isFalse();
        assertThat(matcher.matches(subject.path("a"))).isFalse();
    }
}

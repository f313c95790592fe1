package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

/** Whatever path is written, Velo's file system and the default one make the same of it. */
final class RandomPathsTest {
    private static final int ROUNDS = 20_000;
    private static final List<String> NAMES = List.of(
            ".", "..", "a", "b", "dir", "sub", "to-dir", "through", "text", "to-text", "up", "deep", "round", "missing",
            "");
    private static final List<String> PARTS =
            List.of("*", "**", "?", "a", "b", "/", "[a-c]", "[!b]", "[b", "{a,", "b}", "{", "}", ",", "\\", ".", "]");

    private final Random random = new Random(7);

    /** What is asked of one path and another. */
    private interface Question {
        Object of(Path path, Path other) throws IOException;
    }

    private String written() {
        StringBuilder path = new StringBuilder(random.nextInt(4) == 0 ? "/" : "");
        for (int i = random.nextInt(6); i >= 0; i--) {
            path.append(NAMES.get(random.nextInt(NAMES.size()))).append(i == 0 && random.nextBoolean() ? "" : "/");
        }
        return path.toString();
    }

    private static String answer(Question question, Path path, Path other) {
        try {
            return String.valueOf(question.of(path, other));
        } catch (IllegalArgumentException e) {
            return "IllegalArgumentException";
        } catch (NoSuchFileException e) {
            return "NoSuchFileException";
        } catch (FileSystemException e) {
            return "FileSystemException"; // or a subclass that tells more
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void agree(Question question) {
        for (int round = 0; round < ROUNDS; round++) {
            String path = written();
            String other = written();
            assertThat(answer(question, Subject.VELO.path(path), Subject.VELO.path(other)))
                    .as(path + " and " + other)
                    .isEqualTo(answer(question, Subject.LINUX.path(path), Subject.LINUX.path(other)));
        }
    }

    @Test
    void asTheyAreWritten() {
        agree((path, other) -> path + " " + path.isAbsolute() + " " + path.getNameCount());
        agree((path, other) -> path.getRoot() + " " + path.getParent() + " " + path.getFileName());
        agree((path, other) -> path.normalize());
        agree((path, other) -> path.subpath(other.getNameCount() / 2, other.getNameCount()));
    }

    @Test
    void withOthers() {
        agree((path, other) -> path.resolve(other) + " " + path.resolveSibling(other));
        agree((path, other) -> path.startsWith(other) + " " + path.endsWith(other) + " " + path.equals(other));
        agree((path, other) -> Integer.signum(path.compareTo(other)));
        agree(Path::relativize);
    }

    @Test
    void whereTheyLead() {
        String[] trees = {Subject.VELO.at("").toString(), Subject.LINUX.at("").toString()};
        for (int round = 0; round < ROUNDS; round++) {
            String path = "dir/" + written().replaceAll("^/+", "");
            if (Subject.VELO.at(path).normalize().startsWith("..") || climbs(path)) {
                continue; // above the tree there is nothing in the view
            }
            assertThat(real(Subject.VELO, path, trees[0])).as(path).isEqualTo(real(Subject.LINUX, path, trees[1]));
        }
    }

    private static boolean climbs(String path) {
        return path.split("\\.\\.", -1).length > 2;
    }

    private static String real(Subject subject, String path, String tree) {
        String answer = answer((from, any) -> from.toRealPath(), subject.at(path), subject.path(""));
        boolean there = Files.exists(subject.at(path), LinkOption.NOFOLLOW_LINKS);
        String below = answer.startsWith(tree) ? answer.substring(tree.length()) : answer;
        return (below.startsWith("/") ? below.substring(1) : below) + " " + there;
    }

    @Test
    void patterns() {
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder pattern = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                pattern.append(PARTS.get(random.nextInt(PARTS.size())));
            }
            String path = List.of("a", "b", "ab", "a/b", "b/a/b", "/a", "-", "a.b", ".")
                    .get(random.nextInt(9));
            assertThat(matches(Subject.VELO, pattern.toString(), path))
                    .as(pattern + " on " + path)
                    .isEqualTo(matches(Subject.LINUX, pattern.toString(), path));
        }
    }

    private static String matches(Subject subject, String pattern, String path) {
        try {
            return "" + subject.fileSystem().getPathMatcher("glob:" + pattern).matches(subject.path(path));
        } catch (PatternSyntaxException e) {
            return "PatternSyntaxException";
        }
    }
}

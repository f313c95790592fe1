package dev.velo.launcher;

import dev.velo.core.testing.PresentedTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tree as programs see it that the launcher starts: each question is another program.
 *
 * @param launch words for the launcher that show the tree to a command
 * @param root where the tree is for such a command
 * @param page the program that writes the last page of a file
 */
record TreeInPrograms(Workplace place, List<String> launch, Path root, Path page) implements PresentedTree {
    private static final Path DESCRIBE = CasePrograms.SOURCES.resolve("tools/describe.sh");
    private static final int SHOWN = 20;

    @Override
    public List<String> differences(Path original) throws IOException {
        List<String> expected = lines(
                output(Launch.program(place.caller(), place.folder(), "sh", DESCRIBE.toString(), original.toString())));
        List<String> seen = lines(output(shown("sh", DESCRIBE.toString(), root.toString())));
        List<String> found = new ArrayList<>();
        for (int i = 0; i < Math.max(expected.size(), seen.size()) && found.size() < SHOWN; i++) {
            String one = i < expected.size() ? expected.get(i) : "(nothing)";
            String other = i < seen.size() ? seen.get(i) : "(nothing)";
            if (!one.equals(other)) {
                found.add(one + " is shown as " + other);
            }
        }
        return found;
    }

    @Override
    public List<String> names(String directory) throws IOException {
        String found = text(shown(
                "find", root.resolve(directory).toString(), "-mindepth", "1", "-maxdepth", "1", "-printf", "%f\\n"));
        return found.lines().sorted().toList();
    }

    @Override
    public long size(String file) throws IOException {
        return Long.parseLong(
                text(shown("stat", "-c", "%s", root.resolve(file).toString())).strip());
    }

    @Override
    public byte[] read(String file, long offset, int count) throws IOException {
        return output(shown(
                "dd",
                "if=" + root.resolve(file),
                "iflag=skip_bytes,count_bytes,fullblock",
                "bs=65536",
                "skip=" + offset,
                "count=" + count,
                "status=none"));
    }

    @Override
    public byte[] lastPage(String file) throws IOException {
        return output(shown(page.toString(), root.resolve(file).toString()));
    }

    @Override
    public void close() {
        // nothing is there but while a command runs
    }

    private Launch shown(String... command) {
        List<String> words = new ArrayList<>(launch);
        words.addAll(Arrays.asList(command));
        return place.velo(words.toArray(new String[0]));
    }

    private static byte[] output(Launch launch) throws IOException {
        try {
            return launch.run().succeeded().output();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String text(Launch launch) throws IOException {
        return new String(output(launch), StandardCharsets.UTF_8);
    }

    private static List<String> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
    }
}

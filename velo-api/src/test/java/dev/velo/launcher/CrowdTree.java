package dev.velo.launcher;

import dev.velo.core.format.Hashing;
import dev.velo.core.testing.HostileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A directory of a few dozen files that changes, and what a program must read in it. For one thread. */
final class CrowdTree {
    /** Says that it runs, then reads every file, and prints one digest of all names and contents. */
    static final String READING = "echo in; find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum";

    private static final int FILES = 40;
    private static final int CHANGES = 6;

    /** Contents that several trees have, so that one tree's blobs stay when another's go. */
    private static final int SHARED = 60;

    private static final int LARGE_BYTES = 100_000;
    private static final int SMALL_BYTES = 9_000;

    private final Path folder;
    private final Random random;
    private final Map<String, byte[]> files = new TreeMap<>();

    CrowdTree(Path folder, Random random) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.random = random;
        for (int i = 0; i < FILES; i++) {
            write();
        }
    }

    Path folder() {
        return folder;
    }

    /** Some files are added, exchanged or removed. */
    void change() throws IOException {
        for (int i = 0; i < CHANGES; i++) {
            List<String> names = new ArrayList<>(files.keySet());
            String name = names.get(random.nextInt(names.size()));
            if (names.size() > FILES) {
                Files.delete(folder.resolve(name));
                files.remove(name);
            } else {
                write();
            }
        }
    }

    private void write() throws IOException {
        String name = "d" + random.nextInt(5) + "/f" + random.nextInt(2 * FILES);
        byte[] bytes = content();
        files.put(name, bytes);
        Files.createDirectories(folder.resolve(name).getParent());
        Files.write(folder.resolve(name), bytes);
    }

    private byte[] content() {
        long seed = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(SHARED);
        Random own = new Random(seed);
        byte[] bytes = new byte[1 + own.nextInt(own.nextInt(10) == 0 ? LARGE_BYTES : SMALL_BYTES)];
        own.nextBytes(bytes);
        return bytes;
    }

    /** What {@link #READING} must print. */
    String sum() {
        MessageDigest all = Hashing.sha256();
        HexFormat hex = HexFormat.of();
        files.forEach((name, bytes) -> {
            String line = hex.formatHex(Hashing.sha256().digest(bytes)) + "  ./" + name + "\n";
            all.update(line.getBytes(StandardCharsets.UTF_8));
        });
        return hex.formatHex(all.digest());
    }

    /** What is different in another directory, a sentence each. */
    List<String> differences(Path other) throws IOException {
        List<String> found = new ArrayList<>();
        Set<String> there = new TreeSet<>();
        try (Stream<Path> all = Files.walk(other)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> there.add(other.relativize(file).toString()));
        }
        if (!there.equals(files.keySet())) {
            found.add(there + " instead of " + files.keySet());
        }
        there.retainAll(files.keySet());
        for (String name : there) {
            if (!Arrays.equals(Files.readAllBytes(other.resolve(name)), files.get(name))) {
                found.add(name + " has other bytes");
            }
        }
        return found;
    }

    void delete() throws IOException {
        HostileTree.deleteTree(folder);
    }
}

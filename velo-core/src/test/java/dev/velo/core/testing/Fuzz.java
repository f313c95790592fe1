package dev.velo.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.format.FuzzIterations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Feeds a parser with its corpus and with inputs made of it. What a parser refuses it refuses by an {@link IOException}; everything else
 * that it throws, and an answer that takes seconds, is a failure, whose input is kept in {@code target/fuzz/}. Once mended, that file
 * belongs in {@code testdata/fuzz/NAME/}, which is read before anything is made up.
 *
 * <p>{@code -Dvelo.fuzz.iterations} says how many inputs are made, {@code -Dvelo.fuzz.seed} begins with others.
 */
public final class Fuzz {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1 << 16;
    private static final int NAME_BYTES = 8;
    private static final long[] TEMPTING = {
        0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
    };
    private static final List<String> WORDS = List.of(
            "0",
            "-1",
            "+",
            "9223372036854775808",
            "99999999999999999999",
            "4294967296",
            "\n",
            "\r",
            "\0",
            " ",
            "=",
            "%",
            "-",
            "/",
            "..",
            "\u00ff",
            "1e9",
            ".",
            ",",
            ":");

    private final String name;
    private final List<byte[]> corpus = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(Long.getLong("velo.fuzz.seed", 1));

    /** What reads an input: returns, or throws an {@link IOException}. */
    @FunctionalInterface
    public interface Parser {
        void parse(byte[] input) throws IOException;
    }

    private Fuzz(String name) {
        this.name = name;
    }

    /** With the inputs of {@code testdata/fuzz/NAME}, if there are any. */
    public static Fuzz of(String name) throws IOException {
        Fuzz fuzz = new Fuzz(name);
        Path folder = TestData.path("testdata/fuzz/" + name);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    fuzz.corpus.add(Files.readAllBytes(file));
                }
            }
        }
        return fuzz;
    }

    /** With these as well. */
    public Fuzz with(byte[]... seeds) {
        corpus.addAll(Arrays.asList(seeds));
        return this;
    }

    public Fuzz with(String... seeds) {
        for (String seed : seeds) {
            corpus.add(seed.getBytes(StandardCharsets.ISO_8859_1));
        }
        return this;
    }

    /** With every file of a folder whose name ends so. */
    public Fuzz withFiles(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(TestData.path(folder))) {
            for (Path file : files.filter(path -> path.toString().endsWith(suffix))
                    .sorted()
                    .toList()) {
                corpus.add(Files.readAllBytes(file));
            }
        }
        return this;
    }

    /** Parses all of the corpus, then what is made of it. */
    public void run(Parser parser) throws IOException {
        assertThat(corpus).as("corpus of " + name).isNotEmpty();
        for (byte[] input : List.copyOf(corpus)) {
            attempt(parser, input);
        }
        for (int i = 0; i < FuzzIterations.count(); i++) {
            attempt(parser, mutated());
        }
    }

    private void attempt(Parser parser, byte[] input) throws IOException {
        long start = System.nanoTime();
        try {
            parser.parse(input.clone());
        } catch (IOException e) {
            // it says what is wrong
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name + ": " + e + "; the input is " + kept(input), e);
        }
        if (System.nanoTime() - start > PATIENCE.toNanos()) {
            throw new AssertionError(name + ": this takes seconds: " + kept(input));
        }
    }

    private Path kept(byte[] input) throws IOException {
        Path folder = Files.createDirectories(Path.of("target/fuzz").resolve(name));
        int hash = Arrays.hashCode(input);
        return Files.write(folder.resolve(HexFormat.of().toHexDigits(hash, NAME_BYTES)), input);
    }

    private byte[] mutated() {
        byte[] input = any();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            input = changed(input);
        }
        return input.length > MAX_BYTES ? Arrays.copyOf(input, MAX_BYTES) : input;
    }

    private byte[] any() {
        return corpus.get(random.nextInt(corpus.size())).clone();
    }

    private byte[] changed(byte[] input) {
        int at = input.length == 0 ? 0 : random.nextInt(input.length);
        int end = Math.min(input.length, at + 1 + random.nextInt(16));
        return switch (random.nextInt(8)) {
            case 0 -> xored(input, at, 1 << random.nextInt(Byte.SIZE));
            case 1 -> xored(input, at, random.nextInt(256));
            case 2 -> replaced(input, at, at, word());
            case 3 -> replaced(input, at, end, word());
            case 4 -> replaced(input, at, end, new byte[0]);
            case 5 -> replaced(input, at, at, Arrays.copyOfRange(input, at, end));
            case 6 -> tempted(input, at);
            default -> spliced(input, at);
        };
    }

    private static byte[] xored(byte[] input, int at, int bits) {
        if (at < input.length) {
            input[at] ^= (byte) bits;
        }
        return input;
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        byte[] result = new byte[input.length - (to - from) + by.length];
        System.arraycopy(input, 0, result, 0, from);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(input, to, result, from + by.length, input.length - to);
        return result;
    }

    /** A number that is often forgotten, little-endian, of one to eight bytes. */
    private byte[] tempted(byte[] input, int at) {
        long value = TEMPTING[random.nextInt(TEMPTING.length)] + random.nextInt(3) - 1;
        int width = 1 << random.nextInt(4);
        for (int i = 0; i < width && at + i < input.length; i++) {
            input[at + i] = (byte) (value >>> (Byte.SIZE * i));
        }
        return input;
    }

    /** The beginning of one, the end of another. */
    private byte[] spliced(byte[] input, int at) {
        byte[] other = any();
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        return replaced(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
    }
}

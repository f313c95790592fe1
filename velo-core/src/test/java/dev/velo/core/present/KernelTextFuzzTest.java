package dev.velo.core.present;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.testing.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others have named or written, from mounts to programs, is read or refused. */
class KernelTextFuzzTest {
    private static final String MOUNTS = """
            22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard
            36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            91 22 0:45 / /merged rw - overlay overlay rw,lowerdir=/l,upperdir=/up\\054per,workdir=/w
            """;
    private static final String TITLE = "velo-ranges 1 00112233445566778899aabbccddeeff";

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    @Test
    void mountTables() throws IOException {
        Fuzz.of("mountinfo").with(MOUNTS).run(input -> {
            MountTable table = MountTable.of(text(input));
            table.at(new byte[] {'/'});
            table.writingTo(new byte[] {'/', 'u'});
        });
    }

    @Test
    void anUnescapedCarriageReturnEndsNoLine() {
        List<MountTable.Mount> mounts = MountTable.of(
                        "36 35 98:0 / /a\rb rw - fuse me rw\n22 1 0:1 / / rw - ext4 x rw\n")
                .mounts();
        assertThat(mounts).hasSize(2);
        assertThat(mounts.getFirst().point()).isEqualTo("/a\rb".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void ranges() throws IOException {
        Fuzz.of("ranges")
                .with(TITLE + "\n0 512 4096\n1 0 70000\n", TITLE + "\n")
                .run(input -> {
                    List<PackRanges.Range> ranges = Prefetch.decode(text(input), TITLE, 2);
                    if (ranges != null) {
                        assertThat(ranges).allMatch(range -> range.pack() < 2 && range.start() <= range.end());
                    }
                });
    }

    @Test
    void programs() throws IOException {
        byte[] program = Files.readAllBytes(Path.of("/proc/self/exe"));
        byte[] head = Arrays.copyOf(program, Math.min(program.length, 4096));
        Fuzz.of("elf")
                .with(head)
                .run(input -> ElfHead.read("program", (offset, count) -> {
                    int from = (int) Math.min(offset, input.length);
                    return Arrays.copyOfRange(input, from, Math.min(input.length, from + count));
                }));
    }

    @Test
    void scripts() throws IOException {
        Fuzz.of("script")
                .with("#!/bin/sh -e\necho", "#! /usr/bin/env  python3\n", "#!")
                .run(input -> {
                    if (ScriptLine.isScript(input)) {
                        assertThat(String.valueOf(ScriptLine.of(input))).isNotEmpty();
                    }
                });
    }
}

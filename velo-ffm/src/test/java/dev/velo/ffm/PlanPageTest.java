package dev.velo.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/format/plan.md} name the fields of {@link PlanLayout} at their places. */
class PlanPageTest {
    @Test
    void theTablesAreThoseOfTheLayouts() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("velo.root", ".."), "docs", "format", "plan.md"));
        assertFields(page, "HEADER", PlanLayout.HEADER);
        assertFields(page, "ENTRY", PlanLayout.ENTRY);
    }

    private static void assertFields(String page, String name, StructLayout layout) {
        String begin = "<!-- table: " + name + " -->\n";
        String table =
                page.substring(page.indexOf(begin) + begin.length(), page.indexOf("<!-- end -->", page.indexOf(begin)));
        String[] rows = table.split("\n", -1);
        int row = 2;
        long offset = 0;
        for (MemoryLayout member : layout.memberLayouts()) {
            String type = member instanceof SequenceLayout ? "bytes" : "u" + 8 * member.byteSize();
            assertThat(rows[row++])
                    .startsWith(String.format(
                            Locale.ROOT,
                            "| %d | %d | `%s` | %s | ",
                            offset,
                            member.byteSize(),
                            member.name().orElseThrow(),
                            type));
            offset += member.byteSize();
        }
        assertThat(rows[row]).isEmpty();
        assertThat(rows[row + 1]).isEqualTo(layout.byteSize() + " bytes in all.");
    }
}

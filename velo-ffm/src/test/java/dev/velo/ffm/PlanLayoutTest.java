package dev.velo.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java and the C declaration of a plan are one layout: a C compiler is asked. */
class PlanLayoutTest {
    @TempDir
    Path directory;

    @Test
    void everyFieldStandsWhereTheHeaderSays() throws Exception {
        NativeTools.assumeTool("gcc");
        StringBuilder c = new StringBuilder("#include \"plan.h\"\n");
        asserts(c, "plan", PlanLayout.HEADER);
        asserts(c, "plan_entry", PlanLayout.ENTRY);
        constant(c, "PLAN_MAGIC", PlanLayout.MAGIC);
        constant(c, "PLAN_VERSION", PlanLayout.VERSION);
        constant(c, "PLAN_FORCE_CLONE", PlanLayout.FORCE_CLONE);
        constant(c, "PLAN_KEEPER", PlanLayout.KEEPER);
        constant(c, "ENTRY_IGNORE", PlanLayout.IGNORE);
        constant(c, "ENTRY_TRY", PlanLayout.TRY);
        constant(c, "ENTRY_AFTER_ENOEXEC", PlanLayout.AFTER_ENOEXEC);
        constant(c, "ENTRY_RETRY_EINTR", PlanLayout.RETRY_EINTR);
        constant(c, "ENTRY_WHOLE", PlanLayout.WHOLE);
        constant(c, "ENTRY_EXECUTES", PlanLayout.EXECUTES);
        constant(c, "ENTRY_RETRY_BUSY", PlanLayout.RETRY_BUSY);
        constant(c, "VELO_MACHINE", PlanLayout.machine());
        assertThat(compile(c.toString())).isEqualTo(new NativeTools.Outcome(0, ""));
    }

    @Test
    void aDifferenceIsNoticed() throws Exception {
        NativeTools.assumeTool("gcc");
        String wrong = "#include \"plan.h\"\n_Static_assert(offsetof(struct plan, size) == 12, \"size\");\n";
        assertThat(compile(wrong).output()).contains("static assertion failed: \"size\"");
    }

    private static void asserts(StringBuilder c, String type, StructLayout layout) {
        c.append("_Static_assert(sizeof(struct %s) == %d, \"size\");%n".formatted(type, layout.byteSize()));
        for (MemoryLayout member : layout.memberLayouts()) {
            String field = member.name().orElseThrow();
            long offset = layout.byteOffset(PathElement.groupElement(field));
            c.append("_Static_assert(offsetof(struct %s, %s) == %d, \"%s\");%n".formatted(type, field, offset, field));
            c.append("_Static_assert(sizeof(((struct %s *)0)->%s) == %d, \"%s\");%n"
                    .formatted(type, field, member.byteSize(), field));
        }
    }

    private static void constant(StringBuilder c, String name, long value) {
        c.append("_Static_assert(%s == %dull, \"%s\");%n".formatted(name, value, name));
    }

    private NativeTools.Outcome compile(String source) throws Exception {
        Path file = Files.writeString(directory.resolve("layout.c"), source);
        return NativeTools.run(
                "gcc", "-std=c11", "-fsyntax-only", "-I", NativeTools.SOURCES.toString(), file.toString());
    }
}

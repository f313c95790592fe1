package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a command is given besides the tree: streams, descriptors, environment. */
@Execution(ExecutionMode.CONCURRENT)
final class RunStreamsTest {
    @TempDir
    private Path temporary;

    @ForEachCaller
    void binaryDataPassesThrough(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        byte[] data = new byte[300_000];
        new Random(1).nextBytes(data);

        Outcome outcome =
                place.velo("run", "tree.velo", "--", "cat").input(data).run().succeeded();

        assertThat(outcome.output()).isEqualTo(data);
    }

    @ForEachCaller
    void outputAndErrorsStayApart(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.inTree("echo out; echo err >&2").run().ended(0);

        assertThat(outcome.text()).isEqualTo("out\n");
        assertThat(outcome.complaint()).isEqualTo("err\n");
    }

    @ForEachCaller
    void descriptorsOfTheCallerAreInherited(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.shell("""
                        "$@" run tree.velo -- cat /dev/fd/9 9<tree/sub/deep
                        "$@" run tree.velo -- cat <(echo substituted)
                        "$@" run tree.velo -- sh -c 'echo written >&8' 8>written; cat written
                        """).run().succeeded();

        assertThat(outcome.lines()).containsExactly("deep", "substituted", "written");
    }

    @ForEachCaller
    void noOtherDescriptorsAreOpen(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String list = "ls /proc/self/fd";

        List<String> outside = place.shell("exec " + list).run().succeeded().lines();
        List<String> inside = place.velo("run", "tree.velo", "--", "ls", "/proc/self/fd")
                .run()
                .succeeded()
                .lines();

        assertThat(inside).isEqualTo(outside);
    }

    @ForEachCaller
    void closedStreamsStayClosed(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.shell("""
                        "$@" run tree.velo -- sh -c '[ -e /proc/$$/fd/0 ] || echo no input' <&-
                        "$@" run tree.velo -- sh -c '[ -e /proc/$$/fd/1 ] || echo no output >&2' >&-
                        """).run().ended(0);

        assertThat(outcome.text()).isEqualTo("no input\n");
        assertThat(outcome.complaint()).isEqualTo("no output\n");
    }

    @ForEachCaller
    void aReaderSeesTheEndWhenTheCommandClosesItsOutput(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.shell(
                        "\"$@\" run tree.velo -- sh -c 'echo data; exec >&-; read line; echo end >&2' < <(sleep 1.5) | { cat; echo eof; }")
                .run()
                .ended(0);

        assertThat(outcome.lines()).containsExactly("data", "eof");
        assertThat(outcome.complaint()).isEqualTo("end\n");
    }

    @ForEachCaller
    void aCommandWhoseReaderHasGoneEndsAsUsual(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);

        Outcome outcome = place.shell("\"$@\" run tree.velo -- yes | head -n 1; echo ${PIPESTATUS[0]}")
                .run()
                .succeeded();

        assertThat(outcome.lines()).containsExactly("y", "141");
    }

    @ForEachCaller
    void theEnvironmentIsTheCallersButForTheWorkingDirectory(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String variables = "export ODD=$(printf 'a\\377b') MANY=$'l1\\nl2' EMPTY= VELO_STORE LANG=C; ";
        String sorted = "env -0 | sort -z | grep -azv -e '^PWD=' -e '^_=' -e '^SHLVL=' | tr '\\0' '|'";

        Outcome outside = place.shell(variables + sorted).run().succeeded();
        Outcome inside = place.shell(
                        variables + "\"$@\" run tree.velo -- sh -c \"" + sorted.replace("\\", "\\\\") + "\"")
                .run()
                .succeeded();

        assertThat(inside.bytes()).isEqualTo(outside.bytes()).contains("ODD=a\u00ffb|", "EMPTY=|", "MANY=l1\nl2|");
    }

    @ForEachCaller
    void argumentsReachTheCommandByteForByte(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        String odd = "\"$(printf 'a\\377\\001\\200')\" '' $'new\\nline' '\\' '\"' 'ä'";

        Outcome outcome = place.shell("export LANG=C LC_ALL=C; \"$@\" run tree.velo -- printf '%s|' " + odd)
                .run()
                .succeeded();

        String umlaut = new String("ä".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(outcome.bytes()).isEqualTo("a\u00ff\u0001\u0080||new\nline|\\|\"|" + umlaut + "|");
    }
}

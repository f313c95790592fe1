package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that are no text in any encoding, as arguments and in trees, whatever the locale. */
@Execution(ExecutionMode.CONCURRENT)
final class OddBytesTest {
    private static final String NAMES = """
            set -e
            odd=$(printf 'a\\377\\200b'); umlaut=$(printf 'gr\\303\\274n'); line=$(printf 'new\\nline')
            """;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void theyNameTreesManifestsAndFiles(String locale) throws Exception {
        Workplace place = Workplace.make(Caller.USER, temporary);
        Outcome outcome = place.shell(NAMES + """
                                mkdir "$odd"; echo one >"$odd/$odd"; echo two >"$odd/$umlaut"; echo three >"$odd/$line"
                                "$@" ingest "$odd" -q
                                "$@" ingest "$odd" -q -o "$umlaut.velo"
                                cmp "$odd.velo" "$umlaut.velo"
                                "$@" ls -0 "$odd.velo" | tr '\\0' '|'; echo
                                "$@" cat "$odd.velo" "$odd"; "$@" cat "$umlaut.velo" "$umlaut"; "$@" cat "$umlaut.velo" "$line"
                                "$@" checkout -q --copy "$odd.velo" "$odd.out"; diff -r "$odd" "$odd.out" && echo same
                                """)
                .with("LANG", locale)
                .with("LC_ALL", locale)
                .run()
                .succeeded();

        String umlaut = new String("grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(outcome.bytes()).isEqualTo("a\u00ff\u0080b|" + umlaut + "|new\nline|\none\ntwo\nthree\nsame\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void theyNamePlacesUppersAndStores(String locale) throws Exception {
        Workplace place = Workplace.make(Caller.USER, temporary);
        Outcome outcome = place.shell(NAMES + """
                                export VELO_STORE="$PWD/$odd store"
                                mkdir "$odd"; echo one >"$odd/$odd"
                                "$@" run "$odd" -- cat "$odd"
                                "$@" run --at "$umlaut/$odd" --upper "$odd upper" "$odd" -- sh -c 'pwd; echo x >"$1"' sh "$umlaut"
                                ls "$odd upper/upper"; ls -d "$VELO_STORE"
                                """)
                .with("LANG", locale)
                .with("LC_ALL", locale)
                .run()
                .succeeded();

        String umlaut = new String("grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(outcome.bytes())
                .isEqualTo("one\n" + temporary + "/" + umlaut + "/a\u00ff\u0080b\n" + umlaut + "\n" + temporary
                        + "/a\u00ff\u0080b store\n");
    }
}

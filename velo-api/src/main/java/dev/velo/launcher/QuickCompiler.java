package dev.velo.launcher;

import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.Restart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The script has checkouts start with the JVM's quick compiler alone, which serves a second of linking best, but hashes at a tenth of
 * the speed. One that turns out to have much to hash begins again with both.
 */
final class QuickCompiler {
    /** What the script gives the JVM. */
    private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-Dvelo.quick=true");

    private QuickCompiler() {}

    static boolean isAlone() {
        return Boolean.getBoolean("velo.quick");
    }

    /** Begins this command again; nothing may have been done yet. Returns only by throwing. */
    static void leave() throws ErrnoException {
        List<byte[]> words = new ArrayList<>(ProcessFacts.words());
        words.removeIf(word -> OPTIONS.contains(new String(word, StandardCharsets.ISO_8859_1)));
        Restart.with(words, ProcessFacts.environment());
    }
}

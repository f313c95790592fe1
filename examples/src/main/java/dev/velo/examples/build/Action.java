package dev.velo.examples.build;

import dev.velo.VeloTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * All that decides what comes out of a compilation.
 *
 * @param compiler which compiler, with its version
 * @param options what it is told
 * @param sources the tree of the sources
 * @param libraries the tree of the jars
 */
record Action(String compiler, List<String> options, VeloTree sources, VeloTree libraries) {
    /** Equal for equal actions only: what the result is known by. */
    String key() {
        String all = String.join("\0", compiler, String.join("\0", options), sources.digest(), libraries.digest());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}

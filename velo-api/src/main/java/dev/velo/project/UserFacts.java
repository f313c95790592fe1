package dev.velo.project;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the user's environment says.
 *
 * @param environment {@code NAME=value} entries
 * @param account the home directory of the user's account
 */
@SuppressWarnings("ArrayRecordComponent") // paths are bytes; never compared
public record UserFacts(List<byte[]> environment, byte[] account) {
    /** This environment of the user that this process runs as. */
    public UserFacts(List<byte[]> environment) {
        this(environment, PathBytes.of(Path.of(System.getProperty("user.home", ""))));
    }

    /** The value of a variable; empty if it is not set. */
    public byte[] variable(String name) {
        byte[] start = PathBytes.of(name + "=");
        for (byte[] each : environment) {
            if (PathBytes.startsWith(each, start)) {
                return Arrays.copyOfRange(each, start.length, each.length);
            }
        }
        return new byte[0];
    }

    /** The variables whose names are these, or begin with what stands before a {@code *}; sorted, one character for each byte. */
    List<String> variables(List<String> patterns) {
        List<String> found = new ArrayList<>();
        for (byte[] each : environment) {
            String entry = new String(each, StandardCharsets.ISO_8859_1);
            String name = entry.substring(0, Math.max(0, entry.indexOf('=')));
            if (patterns.stream().anyMatch(pattern -> InputFiles.matches(name, pattern))) {
                found.add(entry);
            }
        }
        found.sort(null);
        return found;
    }

    byte[] home(Ecosystem.Home home) throws IOException {
        return switch (home) {
            case VARIABLE -> require(variable("HOME"), "there is no $HOME");
            case OF_ACCOUNT -> require(account, "this user's account has no home directory");
        };
    }

    private static byte[] require(byte[] home, String otherwise) throws IOException {
        if (!PathBytes.isAbsolute(home)) {
            throw new IOException(otherwise + ", where the user's settings of tools would be");
        }
        return home;
    }

    /** Absolute path of a place of this user's. */
    byte[] place(Ecosystem.Place.OfUser place, Ecosystem.Home home) throws IOException {
        byte[] named = place.variable().isEmpty() ? new byte[0] : variable(place.variable());
        if (PathBytes.isAbsolute(named)) {
            byte[] root = PathBytes.of("/");
            byte[] below = place.below().isEmpty() ? named : PathBytes.join(named, PathBytes.of(place.below()));
            return PathBytes.normalize(root, below);
        }
        return PathBytes.join(home(home), PathBytes.of(place.otherwise()));
    }
}

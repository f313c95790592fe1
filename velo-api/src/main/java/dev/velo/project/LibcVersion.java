package dev.velo.project;

import dev.velo.core.present.SystemLibc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a libc, which its dynamic loader tells when it is started as a program. */
public final class LibcVersion {
    /** The loader of glibc before 2.33 has no option for it, and the version in its name instead. */
    private static final Pattern IN_NAME = Pattern.compile("ld-([0-9.]+)\\.so");

    private static final Pattern GLIBC = Pattern.compile("release version ([0-9.]*[0-9])");
    private static final Pattern MUSL = Pattern.compile("Version ([0-9.]+)");

    private LibcVersion() {}

    /** The version, or an empty text where it is not to be had. */
    public static String of(SystemLibc libc) throws IOException {
        Path loader = Path.of(libc.loader()).toRealPath();
        Matcher named = IN_NAME.matcher(loader.getFileName().toString());
        if (named.matches()) {
            return named.group(1);
        }
        return switch (libc.kind()) {
            case GLIBC -> found(GLIBC, said(List.of(libc.loader(), "--version")));
            case MUSL -> found(MUSL, said(List.of(libc.loader())));
            case OTHER -> "";
        };
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String said(List<String> words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (InputStream in = process.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

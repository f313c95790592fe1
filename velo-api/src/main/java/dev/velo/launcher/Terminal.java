package dev.velo.launcher;

import dev.velo.ffm.FileCalls;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Standard output and error, in UTF-8 whatever the locale. */
final class Terminal {
    private static final PrintWriter OUT = writer(FileDescriptor.out);
    private static final PrintWriter ERR = writer(FileDescriptor.err);

    private Terminal() {}

    static PrintWriter out() {
        return OUT;
    }

    static PrintWriter err() {
        return ERR;
    }

    /** Whether somebody is there who reads what is asked on standard output, and types an answer. */
    static boolean isAnswered() {
        return FileCalls.isatty(0) && FileCalls.isatty(1);
    }

    static boolean isError() {
        return FileCalls.isatty(2);
    }

    /** Text in which each character stands for one byte of an argument, made readable. */
    static String decoded(String latin) {
        return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The name of a constant as people write it. */
    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }
}

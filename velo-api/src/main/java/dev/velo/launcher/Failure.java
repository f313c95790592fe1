package dev.velo.launcher;

import dev.velo.core.store.ReadOnlyStoreException;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.UncheckedIOException;

/** Turns what was thrown into one sentence for people: what failed, on which path, why, and where possible what to do. */
final class Failure {
    private Failure() {}

    /** Whether the reader of the output has gone. */
    static boolean isBrokenPipe(Throwable thrown) {
        return (thrown instanceof ErrnoException failed && failed.errno() == Errno.EPIPE)
                || "Broken pipe".equals(thrown.getMessage());
    }

    static String sentence(Throwable thrown) {
        Throwable cause =
                thrown instanceof UncheckedIOException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof IllegalStateException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ErrnoException failed) {
            return told(failed);
        }
        if (cause instanceof ReadOnlyStoreException) {
            return cause.getMessage() + "; name a store of your own with --store";
        }
        if (cause instanceof OutOfMemoryError) {
            return "out of memory; give Java more with VELO_JAVA_OPTS=-Xmx4g";
        }
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? cause.toString() : message;
    }

    private static String told(ErrnoException failed) {
        String path = failed.path().isEmpty() ? "" : failed.path() + ": ";
        String hint = switch (failed.errno()) {
            case ENOSPC -> "; free some space, or choose another place with --store";
            case EDQUOT -> "; your quota is used up";
            case EMFILE -> "; raise the limit of open files (ulimit -n)";
            case EROFS -> "; choose a place that can be written, the store with --store";
            case EACCES, EPERM -> "; your user may not do this there";
            default -> "";
        };
        return path + failed.errno().text() + " (" + failed.call().callName() + ", " + failed.errno() + ")" + hint;
    }
}

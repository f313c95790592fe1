package dev.velo.core.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file of Velo's is damaged, foreign or of another version: which file, at which byte, and what is wrong. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final long offset;
    private final Reason reason;

    public FormatException(String file, long offset, Reason reason, String detail) {
        this(file, offset, reason, file + ": " + reason.sentence() + " (at byte " + offset + ": " + detail + ")", null);
    }

    private FormatException(
            String file, long offset, Reason reason, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
        this.file = file;
        this.offset = offset;
        this.reason = reason;
    }

    /** The same, with what helps. */
    public FormatException withRemedy(String remedy) {
        return new FormatException(file, offset, reason, getMessage() + "; " + remedy, this);
    }

    public String file() {
        return file;
    }

    /** Where in the file the fault was found, in bytes from its start. */
    public long offset() {
        return offset;
    }

    public Reason reason() {
        return reason;
    }
}

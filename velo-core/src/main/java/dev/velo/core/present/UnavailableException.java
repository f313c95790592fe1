package dev.velo.core.present;

import java.io.IOException;

/** A way of showing trees that this machine, user or store cannot have; the message is the reason, in one sentence. */
public final class UnavailableException extends IOException {
    private static final long serialVersionUID = 1;

    public UnavailableException(String reason) {
        super(reason);
    }

    public UnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}

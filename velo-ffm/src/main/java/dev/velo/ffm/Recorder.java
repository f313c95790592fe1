package dev.velo.ffm;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the calls of this process that change files and names, and those that wait for the disk, with the bytes: what a power
 * loss can leave of them is replayed from that. The system property {@code velo.record} names the file.
 *
 * <p>Calls that change something are made one at a time, so that their order in the recording is the one in which they happened. Without
 * the property there is no instance of this class. Not seen, as by {@link Faults}: {@code java.nio}, the C side, memory that is mapped.
 */
public final class Recorder {
    private static final String PROPERTY = "velo.record";

    private final DataOutputStream out;

    private Recorder(DataOutputStream out) {
        this.out = out;
    }

    static @Nullable Recorder fromProperty() {
        String file = System.getProperty(PROPERTY);
        if (file == null) {
            return null;
        }
        try {
            return new Recorder(new DataOutputStream(new BufferedOutputStream(new FileOutputStream(file))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes that something is true from here on, and has all that was recorded written; the process must have been started to record. */
    public static void mark(String text) {
        Recorder recorder = Door.RECORDER;
        if (recorder == null) {
            throw new IllegalStateException("start the process with -D" + PROPERTY + "=FILE");
        }
        recorder.note(RecordedCall.mark(text));
        recorder.flush();
    }

    /** Makes the call, and writes it down if it has changed something. */
    long make(Syscall call, long a, long b, long c, long d, long e, long f) {
        if (!FaultSite.CHANGES.has(call, b, c) || call == Syscall.FLOCK) {
            return Stub.syscall(call.number(), a, b, c, d, e, f);
        }
        synchronized (this) {
            RecordedChange change = RecordedChange.before(call, a, b, c, d);
            long result = Stub.syscall(call.number(), a, b, c, d, e, f);
            RecordedCall made = result < 0 && result >= -4095 ? null : change.made(result);
            if (made != null) {
                note(made);
            }
            return result;
        }
    }

    private synchronized void note(RecordedCall made) {
        try {
            made.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.velo.process;

import dev.velo.core.tree.Descriptor;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Runner;
import dev.velo.ffm.SpawnStatus;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * What is known here of a runner's start: a pipe that ends when the command runs, or never will, and the runner's messages until then.
 * Owns its descriptors.
 */
final class StartReport implements AutoCloseable {
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int LIMIT = 1 << 13;
    private static final String PREFIX = "velo: ";

    private final Descriptor messages;
    private final Descriptor ending;
    private final Descriptor running;

    private StartReport(Descriptor messages, Descriptor ending, Descriptor running) {
        this.messages = messages;
        this.ending = ending;
        this.running = running;
    }

    static StartReport open(LowDescriptors low) throws ErrnoException {
        try (Descriptor messages = low.above(Runner.openReport())) {
            int[] ends = FileCalls.pipe2(FileCalls.O_CLOEXEC);
            try (Descriptor ending = new Descriptor(ends[0]);
                    Descriptor running = low.above(ends[1])) {
                return new StartReport(
                        new Descriptor(messages.release()),
                        new Descriptor(ending.release()),
                        new Descriptor(running.release()));
            }
        }
    }

    /** Where the runner writes its messages. */
    int messages() {
        return messages.fd();
    }

    Descriptor takeMessages() {
        return new Descriptor(messages.release());
    }

    /** What is open until the command runs. */
    int running() {
        return running.fd();
    }

    /** Waits until the command runs, or never will; returns why not, or an empty text. */
    String await() throws ErrnoException {
        running.close();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(LIMIT);
            // nobody writes: this returns at the pipe's end
            FileCalls.read(ending.fd(), bytes.address(), 1);
            int count = (int) FileCalls.pread(messages.fd(), bytes.address(), LIMIT, 0);
            String text = new String(bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            // a command that has ended already may have told its use behind the messages
            int end = text.indexOf('\0');
            return (end < 0 ? text : text.substring(0, end)).strip();
        }
    }

    /** The failure of a start that ended with this status and message. */
    static IOException failure(SpawnStatus status, String message, String program) {
        String reason = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
        return switch (status.shellStatus()) {
            case NOT_FOUND -> new NoSuchFileException(program, null, reason);
            case NOT_EXECUTABLE -> new FileSystemException(program, null, reason);
            default -> new IOException(reason);
        };
    }

    @Override
    public void close() {
        messages.close();
        ending.close();
        running.close();
    }
}

package dev.velo.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that carries out one command of a crowd after another, with little heap, and is held to account for descriptors and memory
 * when it ends. For one thread.
 */
final class CrowdWorker implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 96;

    /** Classes are loaded and compiled, and files opened that stay so, by the first commands. */
    private static final int WARM_COMMANDS = 6;

    /** Beside the heap: the JVM's own, and what is mapped for a moment. */
    private static final long RESIDENT_KILOBYTES = 256 << 10;

    private static final int SPARE_DESCRIPTORS = 2;

    private final Crowd crowd;
    private final String who;
    private final FaultyProcess process;
    private int commands;
    private long descriptorsWarm;
    private long descriptors;

    CrowdWorker(Crowd crowd, String who) throws IOException {
        this.crowd = crowd;
        this.who = who;
        this.process = FaultyProcess.start(crowd.place(), HEAP_MEGABYTES, Crowd.SECONDS);
    }

    FaultyProcess.Answer run(String... words) throws Exception {
        FaultyProcess.Answer answer = process.run("kill:0", List.of(words));
        descriptors = answer.descriptors();
        if (++commands <= WARM_COMMANDS) {
            descriptorsWarm = Math.max(descriptorsWarm, descriptors);
        }
        return answer;
    }

    /** A command that must succeed and has nothing to say. */
    void succeed(String... words) throws Exception {
        FaultyProcess.Answer answer = run(words);
        if (answer.status() != 0 || !answer.complaint().isEmpty()) {
            crowd.complain(who, String.join(" ", words) + " ended with " + answer.status() + ": " + answer.complaint());
        }
    }

    @Override
    public void close() throws IOException {
        if (commands > WARM_COMMANDS && descriptors > descriptorsWarm + SPARE_DESCRIPTORS) {
            crowd.complain(
                    who, descriptorsWarm + " descriptors became " + descriptors + " in " + commands + " commands");
        }
        long resident = residentKilobytes();
        if (resident > RESIDENT_KILOBYTES) {
            crowd.complain(who, "took " + resident + " KiB of memory in " + commands + " commands");
        }
        process.close();
    }

    private long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }
}

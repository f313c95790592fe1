package dev.velo;

import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.ResourceUse;
import dev.velo.ffm.SpawnedProcess;
import dev.velo.process.ChildPipes;
import dev.velo.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The child of this JVM that a sandbox hangs on. Owns what is held for the sandbox, until it has ended. */
final class SandboxChild extends ChildProcess {
    private static final Cleaner CLEANER = Cleaner.create();

    private final SandboxHold hold;
    private final Parentage parentage;
    private VeloSandboxProcess.@Nullable Usage usage;
    private OptionalInt pidfd = OptionalInt.empty();

    /** Whether this process is the sandbox's first, or that one's parent. */
    enum Parentage {
        FIRST,
        PARENT_OF_FIRST
    }

    SandboxChild(SpawnedProcess spawned, ChildPipes pipes, SandboxHold hold, Parentage parentage) {
        super(spawned, pipes);
        this.hold = hold;
        this.parentage = parentage;
    }

    @Override
    protected void ended(ResourceUse use) throws IOException {
        try (hold) {
            usage = new VeloSandboxProcess.Usage(
                    Duration.of(use.userMicros(), ChronoUnit.MICROS),
                    Duration.of(use.systemMicros(), ChronoUnit.MICROS),
                    hold.maxResident());
        }
    }

    @Override
    protected void forgotten() {
        hold.releaseMounts();
    }

    /** A descriptor that is closed when nobody has the owner any more. */
    synchronized OptionalInt pidfd(VeloSandboxProcess owner) {
        if (pidfd.isEmpty()) {
            try {
                pidfd = copyPidfd();
            } catch (ErrnoException e) {
                throw new UncheckedIOException(e);
            }
            pidfd.ifPresent(fd -> CLEANER.register(owner, () -> FileCalls.close(fd)));
        }
        return pidfd;
    }

    VeloSandboxProcess.Usage usage() {
        requireEnd();
        VeloSandboxProcess.Usage known = usage;
        if (known == null) {
            throw new IllegalStateException("process " + pid() + " could not be awaited");
        }
        return known;
    }

    /** Ends all processes of the sandbox. */
    @Override
    public Process destroyForcibly() {
        if (parentage == Parentage.FIRST) {
            return super.destroyForcibly();
        }
        destroyChildren();
        return this;
    }
}

package dev.velo;

import dev.velo.core.present.Handover;
import dev.velo.core.present.ShownTree;
import dev.velo.core.present.Upper;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.ResourceUse;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What this process holds as long as a sandbox lasts: its trees, the upper that it writes to, its life, and the file in which it tells
 * what it used. Owns all that it was given.
 */
final class SandboxHold implements AutoCloseable {
    private final List<Descriptor> held = new ArrayList<>();
    private @Nullable Descriptor upper;
    private @Nullable Descriptor report;
    private @Nullable Descriptor mounts;

    void lease(ShownTree tree) throws ErrnoException {
        held.add(tree.lease());
    }

    void lock(Upper kept) throws IOException {
        upper = kept.hold();
    }

    void life(Descriptor life) {
        held.add(life);
    }

    void report(Descriptor messages) {
        report = messages;
    }

    /**
     * Keeps the sandbox's mounts, which are unmounted by whoever lets go of them last: the end of the process need not wait for that. It
     * does where they write to an upper, which is free for others then.
     */
    void keepMounts(int pid) {
        if (upper != null) {
            return;
        }
        byte[] path = PathBytes.of("/proc/" + pid + "/ns/mnt");
        try {
            mounts = new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, path, FileCalls.O_RDONLY, 0));
        } catch (ErrnoException e) {
            // it has ended already, and unmounted them
        }
    }

    void releaseMounts() {
        if (mounts != null) {
            mounts.close();
        }
    }

    /** Bytes that the largest process of the command had; nothing if the sandbox did not get to telling it. */
    OptionalLong maxResident() throws ErrnoException {
        if (report == null) {
            return OptionalLong.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(ResourceUse.BYTES, Long.BYTES);
            long count = FileCalls.pread(report.fd(), usage.address(), ResourceUse.BYTES, Handover.USAGE_AT);
            return count == ResourceUse.BYTES
                    ? OptionalLong.of(ResourceUse.of(usage).maxResidentBytes())
                    : OptionalLong.empty();
        }
    }

    @Override
    public void close() throws ErrnoException {
        held.forEach(Descriptor::close);
        if (report != null) {
            report.close();
        }
        if (upper != null) {
            Upper.release(upper);
        }
    }
}

package dev.velo.core.verify;

import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Settling;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A look, once after each start of the machine, at what was {@linkplain Settling written without waiting} before it: the power may have
 * been lost, and with it half of a pack whose index is there. Whoever adds to a store asks for it first, since a blob that an index names
 * is not stored again. What is whole is waited for; what is not is repaired, which keeps the blobs that are right.
 *
 * <p>{@code stats/boot} holds the machine's number for the start in which this was done last. It is never synced: without it, or with
 * that of another start, all is looked at again.
 */
public final class BootCheck {
    private static final byte[] KERNEL = PathBytes.of("/proc/sys/kernel/random/boot_id");
    private static final byte[] FILE = PathBytes.of("boot");
    private static final byte[] LOCK = PathBytes.of("boot.lock");
    private static final int LIMIT = 64;
    private static final int MODE = 0600;

    private BootCheck() {}

    /**
     * Does it, unless it was done since the machine was started. The caller holds no lock of the store.
     *
     * @return what was damaged, a sentence each
     */
    @SuppressWarnings("try") // the lock is only held
    public static List<String> run(Store store) throws IOException {
        store.requireWritable();
        byte[] boot = read(FileCalls.AT_FDCWD, KERNEL);
        int stats = store.fd(Store.Room.STATS);
        if (isDone(stats, boot)) {
            return List.of();
        }
        int flags = FileCalls.O_RDWR | FileCalls.O_CREAT | FileCalls.O_NOFOLLOW;
        // of many who come first one looks, and the others wait
        try (Descriptor lock = new Descriptor(FileCalls.openat(stats, LOCK, flags, MODE))) {
            FileCalls.flock(lock.fd(), FileCalls.LOCK_EX);
            if (isDone(stats, boot)) {
                return List.of();
            }
            List<String> told = look(store);
            try (Arena arena = Arena.ofConfined();
                    PublishedFile file = PublishedFile.create(stats, MODE)) {
                file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, boot));
                file.publishOver(FILE);
            }
            return told;
        }
    }

    /** Where the kernel does not tell its number, every look is the first. */
    private static boolean isDone(int stats, byte[] boot) throws IOException {
        return boot.length > 0 && Arrays.equals(boot, read(stats, FILE));
    }

    private static byte[] read(int directory, byte[] name) throws IOException {
        try (Descriptor file = new Descriptor(FileCalls.openat(directory, name, FileCalls.O_RDONLY, 0));
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(LIMIT);
            long length = FileBytes.readFully(file.fd(), bytes.address(), LIMIT, 0);
            return bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.EACCES) {
                return new byte[0];
            }
            throw e;
        }
    }

    private static List<String> look(Store store) throws IOException {
        List<String> told = new ArrayList<>();
        if (!Settling.unsettledPacks(store).isEmpty()
                || !Settling.unsettledRoots(store).isEmpty()) {
            if (!Verification.ofUnsettled(store).findings().isEmpty()) {
                RepairReport repaired = Repair.run(store, () -> Verification.ofUnsettled(store));
                told.addAll(repaired.done());
                told.addAll(repaired.left());
            }
            Settling.settlePacks(store);
            Settling.settle(store.fd(Store.Room.ROOTS), Settling.unsettledRoots(store));
        }
        return told;
    }
}

package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads loose files and holds them against their names. */
final class LooseCheck {
    private static final int HEX_DIGITS = 2 * Digest.BYTES;
    private static final int DIRECTORY = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_NOFOLLOW;

    private final Store store;
    private final VerifyListener listener;
    private final Consumer<Finding> findings;
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    LooseCheck(Store store, VerifyListener listener, Consumer<Finding> findings) {
        this.store = store;
        this.listener = listener;
        this.findings = findings;
    }

    long files() {
        return files.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** Of a store that can only be read, those that its owner has opened to this user. */
    void run(Store.Room room, int threads) throws IOException {
        if (!store.has(room)) {
            return;
        }
        List<byte[]> folders = DirectoryListing.names(store.fd(room));
        Workers.forEach(threads, "velo-verify", folders.size(), i -> {
            byte[] folder = folders.get(i);
            try (Descriptor directory = new Descriptor(FileCalls.openat(store.fd(room), folder, DIRECTORY, 0))) {
                for (byte[] name : DirectoryListing.names(directory.fd())) {
                    check(room, directory.fd(), folder, name);
                }
            } catch (ErrnoException e) {
                if (!store.isWithheld(e) && !Tolerance.isGone(e)) {
                    throw e;
                }
            }
        });
    }

    private void check(Store.Room room, int directory, byte[] folder, byte[] name) throws IOException {
        String digits = PathBytes.show(folder) + PathBytes.show(name);
        byte[] place = PathBytes.join(folder, name);
        String shown = PathBytes.show(PathBytes.join(store.path(room), place));
        int flags = FileCalls.O_RDONLY | FileCalls.O_NOFOLLOW | FileCalls.O_NONBLOCK;
        Digest expected = null;
        try (Descriptor file = new Descriptor(FileCalls.openat(directory, name, flags, 0))) {
            expected = Digest.parse(digits.substring(0, Math.min(HEX_DIGITS, digits.length())));
            Statx stat = new Statx();
            FileCalls.fstatx(file.fd(), stat);
            listener.toRead(stat.size());
            boolean right = stat.type() == Statx.S_IFREG
                    && digits.startsWith(String.format("-%04o-", stat.mode() & 07777), HEX_DIGITS)
                    && FileBytes.digest(file.fd()).equals(expected);
            files.incrementAndGet();
            bytes.addAndGet(stat.size());
            listener.read(stat.size());
            if (!right) {
                add(
                        room,
                        place,
                        expected,
                        shown + ": somebody has changed this shared file; remove it, it is made anew");
            }
        } catch (IllegalArgumentException e) {
            add(room, place, null, shown + ": not a file of Velo's");
        } catch (ErrnoException e) {
            if (Tolerance.isDamage(e)) {
                add(room, place, expected, Tolerance.message(shown, e) + "; remove it, it is made anew");
            } else if (e.errno() != Errno.EACCES && e.errno() != Errno.ENOENT) {
                // a mode of 0000 keeps its owner out as well
                throw e;
            }
        }
    }

    private void add(Store.Room room, byte[] place, @Nullable Digest digest, String sentence) {
        Finding.Place where = new Finding.Place(room, place);
        findings.accept(new Finding(Finding.Kind.LOOSE, where, 0, sentence, digest, Uses.NONE));
    }
}

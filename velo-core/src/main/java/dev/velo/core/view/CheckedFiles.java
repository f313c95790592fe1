package dev.velo.core.view;

import dev.velo.core.format.Digest;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds files of a view against their digests before they are read, as often as is asked for. Safe for any number of threads. */
final class CheckedFiles {
    private static final int BUFFER_BYTES = 1 << 20;

    private final View view;
    private final ReadCheck when;
    private final Set<Digest> right = ConcurrentHashMap.newKeySet();

    CheckedFiles(View view, ReadCheck when) {
        this.view = view;
        this.when = when;
    }

    void require(int file) throws IOException {
        if (when == ReadCheck.NEVER) {
            return;
        }
        Digest digest = view.digest(file);
        if (digest == null || (when == ReadCheck.FIRST && right.contains(digest))) {
            return;
        }
        if (!digest.equals(found(file))) {
            throw new FormatException(
                    view.image().file(),
                    0,
                    Reason.WRONG_CONTENT,
                    "blob " + digest + " of node " + file + "; velo verify --contents tells where it is");
        }
        if (when == ReadCheck.FIRST) {
            right.add(digest);
        }
    }

    private Digest found(int file) throws IOException {
        MessageDigest sha = Hashing.sha256();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.min(BUFFER_BYTES, Math.max(1, view.size(file))));
            long offset = 0;
            for (int got = view.read(file, 0, buffer); got > 0; got = view.read(file, offset, buffer)) {
                sha.update(buffer.asSlice(0, got).asByteBuffer());
                offset += got;
            }
        }
        return Digest.of(sha.digest(), 0);
    }
}

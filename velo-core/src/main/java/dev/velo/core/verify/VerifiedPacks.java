package dev.velo.core.verify;

import dev.velo.core.format.Digest;
import dev.velo.core.store.FileBytes;
import dev.velo.core.store.PackFile;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.Store;
import dev.velo.core.tree.FileIdentity;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.ErrnoException;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which packs were found whole, and when: {@code stats/verify}. A hint that saves reading, never synced; damaged, or of another
 * version, it is as if there were none. Safe for any number of threads; of several processes the last one's word counts.
 */
final class VerifiedPacks {
    /** For how long an interrupted verification can go on. */
    static final Duration RESUMABLE = Duration.ofDays(1);

    private static final byte[] FILE = PathBytes.of("verify");
    private static final String TITLE = "velo-verify 1";
    private static final long LIMIT = 64 << 20;
    private static final long WRITE_NANOS = 1_000_000_000;
    private static final int FIELDS = 5;

    /** A pack that was read to its end, as it looked then. */
    private record Whole(long seconds, long inode, long changed) {}

    private final Store store;
    private final Map<Digest, Whole> whole = new HashMap<>();
    private long begun;
    private long written = System.nanoTime();

    private VerifiedPacks(Store store) {
        this.store = store;
    }

    static VerifiedPacks read(Store store) {
        VerifiedPacks packs = new VerifiedPacks(store);
        if (store.has(Store.Room.STATS)) {
            try (Arena arena = Arena.ofConfined()) {
                byte[] bytes = FileBytes.read(arena, store.fd(Store.Room.STATS), FILE, LIMIT)
                        .toArray(ValueLayout.JAVA_BYTE);
                packs.decode(new String(bytes, StandardCharsets.ISO_8859_1));
            } catch (IOException | IllegalArgumentException e) {
                packs.whole.clear();
                packs.begun = 0;
            }
        }
        return packs;
    }

    private void decode(String text) {
        int last = text.lastIndexOf("crc32c ");
        if (last < 0
                || !text.startsWith(TITLE + "\n")
                || !text.substring(last).equals(checksum(text.substring(0, last)))) {
            throw new IllegalArgumentException("not of this version, or damaged");
        }
        for (String line : text.substring(0, last).split("\n", -1)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("begun") && words.length == 2) {
                begun = Long.parseLong(words[1]);
            } else if (words[0].equals("pack") && words.length == FIELDS) {
                whole.put(
                        Digest.parse(words[1]),
                        new Whole(Long.parseLong(words[2]), Long.parseLong(words[3]), Long.parseLong(words[4])));
            }
        }
    }

    /**
     * Begins a verification, or goes on with one.
     *
     * @return since when packs that were found whole need not be read
     */
    synchronized Instant begin(@Nullable Duration maxAge, List<PackFile> packs) {
        Instant now = Instant.now();
        boolean goesOn = begun > 0 && begun > now.minus(RESUMABLE).getEpochSecond() && begun <= now.getEpochSecond();
        whole.keySet().retainAll(packs.stream().map(PackFile::id).toList());
        if (maxAge == null && goesOn) {
            return Instant.ofEpochSecond(begun);
        }
        begun = now.getEpochSecond();
        // of this very second nobody knows whether it was before
        return maxAge == null || maxAge.isZero() ? Instant.MAX : now.minus(maxAge);
    }

    /** Whether a pack was found whole since then and nobody has changed it. */
    synchronized boolean isWhole(PackFile pack, Instant since) throws ErrnoException {
        Whole known = whole.get(pack.id());
        FileIdentity now = identity(pack);
        return known != null
                && known.seconds() >= since.getEpochSecond()
                && known.seconds() <= Instant.now().getEpochSecond()
                && known.inode() == now.inode()
                && known.changed() == now.changed();
    }

    /** How a pack looks before it is read. */
    static FileIdentity identity(PackFile pack) throws ErrnoException {
        Statx stat = new Statx();
        FileCalls.fstatx(pack.fd(), stat);
        return FileIdentity.of(stat);
    }

    /** Notes that a pack is whole, which looked like this before it was read. */
    synchronized void add(PackFile pack, FileIdentity before) throws IOException {
        whole.put(pack.id(), new Whole(Instant.now().getEpochSecond(), before.inode(), before.changed()));
        if (System.nanoTime() - written >= WRITE_NANOS) {
            write();
        }
    }

    /** Notes that a pack is not. */
    synchronized void remove(PackFile pack) {
        whole.remove(pack.id());
    }

    /** Notes that all were read. */
    synchronized void finish() throws IOException {
        begun = 0;
        write();
    }

    private void write() throws IOException {
        written = System.nanoTime();
        if (store.isReadOnly()) {
            return;
        }
        StringBuilder text =
                new StringBuilder(TITLE).append("\nbegun ").append(begun).append('\n');
        new TreeMap<>(whole)
                .forEach((id, pack) -> text.append("pack ")
                        .append(id)
                        .append(' ')
                        .append(pack.seconds())
                        .append(' ')
                        .append(pack.inode())
                        .append(' ')
                        .append(pack.changed())
                        .append('\n'));
        text.append(checksum(text.toString()));
        try (Arena arena = Arena.ofConfined();
                PublishedFile file = PublishedFile.create(store.fd(Store.Room.STATS), 0600)) {
            file.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, PathBytes.of(text.toString())));
            file.publishOver(FILE);
        }
    }

    private static String checksum(String body) {
        CRC32C crc = new CRC32C();
        crc.update(PathBytes.of(body));
        return "crc32c " + HexFormat.of().toHexDigits((int) crc.getValue()) + "\n";
    }
}

package dev.velo.launcher;

import dev.velo.ffm.RecordedCall;
import dev.velo.launcher.DiskHistory.DiskFile;
import dev.velo.launcher.DiskHistory.NameChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * One of the states in which a disk may be found after the power was lost at some moment.
 *
 * <p>The model is the one of ALICE (Pillai and others, <i>All File Systems Are Not Created Equal</i>, OSDI 2014): what was synced is
 * there; of what was not, that which the file system is allowed to have written is chosen. As in CrashMonkey (Mohan and others,
 * <i>Finding Crash-Consistency Bugs with Bounded Black-Box Crash Testing</i>, OSDI 2018) a directory's {@code fsync} is what names are
 * waited for with, and that of a file does nothing for its name. Bytes that were not synced are lost in units of a block, with the
 * file's length or without it, as delayed allocation leaves them. Nothing else moves: a rename is one change, and a name never leads to
 * a file that was not begun.
 */
final class CrashedDisk {
    /** In which order names may have reached the disk. */
    enum Order {
        /** The one in which they were given, as by a journal of metadata: ext4, XFS. */
        OF_ALL_NAMES,
        /** In each directory that one, and between directories any: the least that can be built on. */
        WITHIN_DIRECTORIES
    }

    /** What came of the bytes of a file that were not synced. */
    private enum Fate {
        LOST,
        WRITTEN,
        /** Those before some moment; the last write in part. */
        BEGUN,
        /** The length is as it should be, and of the blocks some are zero. */
        ZEROED
    }

    private static final int BLOCK_BYTES = 4096;
    private static final Fate[] FATES = Fate.values();

    private final DiskHistory history;
    private final int end;
    private final Random random;
    private final Map<DiskFile, Map<String, DiskFile>> directories = new HashMap<>();
    private final int nameLimit;

    private CrashedDisk(DiskHistory history, int end, Order order, Random random) {
        this.history = history;
        this.end = end;
        this.random = random;
        this.nameLimit = cut(end);
        Set<Integer> applied = order == Order.OF_ALL_NAMES ? journalled() : scattered();
        history.names().stream().filter(name -> applied.contains(name.moment())).forEach(this::apply);
    }

    /** What the power loss before the call of this moment may have left; the seed chooses. */
    static CrashedDisk at(DiskHistory history, int moment, Order order, long seed) {
        return new CrashedDisk(history, moment, order, new Random(seed));
    }

    /** Everything, nothing, or what came before some moment between. */
    private int cut(int limit) {
        return switch (random.nextInt(3)) {
            case 0 -> limit;
            case 1 -> 0;
            default -> random.nextInt(limit + 1);
        };
    }

    private Set<Integer> journalled() {
        int surely = 0;
        for (NameChange name : history.names()) {
            if (name.moment() < end && name.isSyncedBefore(end)) {
                surely = name.moment() + 1;
            }
        }
        Set<Integer> applied = new HashSet<>();
        for (NameChange name : history.names()) {
            if (name.moment() < Math.max(surely, nameLimit)) {
                applied.add(name.moment());
            }
        }
        return applied;
    }

    private Set<Integer> scattered() {
        Map<DiskFile, Integer> surely = new HashMap<>();
        for (NameChange name : history.names()) {
            if (name.moment() < end && name.isSyncedBefore(end)) {
                surely.put(name.directory(), name.moment() + 1);
            }
        }
        Map<DiskFile, Integer> cuts = new HashMap<>();
        Set<Integer> applied = new HashSet<>();
        for (NameChange name : history.names()) {
            int cut = cuts.computeIfAbsent(
                    name.directory(), directory -> Math.max(surely.getOrDefault(directory, 0), cut(end)));
            if (name.moment() < cut) {
                applied.add(name.moment());
            }
        }
        return applied;
    }

    private void apply(NameChange change) {
        DiskFile file = change.file();
        if (change.from() != null) {
            DiskFile gone = names(change.from()).remove(change.oldName());
            file = file == null ? gone : file;
        }
        if (change.into() != null && file != null) {
            names(change.into()).put(change.newName(), file);
        }
    }

    private Map<String, DiskFile> names(DiskFile directory) {
        return directories.computeIfAbsent(directory, none -> new TreeMap<>());
    }

    /** Makes this state real in a directory that is there. */
    void writeTo(Path directory) throws IOException {
        write(history.top(), directory, new HashMap<>());
    }

    private void write(DiskFile directory, Path path, Map<DiskFile, Path> written) throws IOException {
        for (Map.Entry<String, DiskFile> entry : names(directory).entrySet()) {
            DiskFile file = entry.getValue();
            Path place = path.resolve(entry.getKey());
            Path other = written.putIfAbsent(file, place);
            if (other != null) {
                Files.createLink(place, other);
                continue;
            }
            switch (file.type) {
                case DIRECTORY -> {
                    Files.createDirectory(place);
                    write(file, place, written);
                }
                case LINK -> Files.createSymbolicLink(place, Path.of(new String(file.target, StandardCharsets.UTF_8)));
                case FILE -> Files.write(place, bytes(file));
            }
            if (file.type != DiskHistory.Type.LINK) {
                Files.setPosixFilePermissions(place, permissions(mode(file)));
            }
        }
    }

    /** Modes belong to the metadata: those that were set before the last name that is there. */
    private int mode(DiskFile file) {
        int surely = Math.max(file.syncedBefore(end), nameLimit);
        int mode = file.mode;
        for (int moment : file.changes) {
            RecordedCall call = history.call(moment);
            if (call.kind() == RecordedCall.Kind.MODE && moment < surely) {
                mode = (int) call.number();
            }
        }
        return mode;
    }

    private byte[] bytes(DiskFile file) {
        int surely = file.syncedBefore(end);
        Fate fate = FATES[random.nextInt(FATES.length)];
        int limit = switch (fate) {
            case LOST -> surely;
            case WRITTEN, ZEROED -> end;
            case BEGUN -> surely + random.nextInt(end - surely + 1);
        };
        byte[] bytes = new byte[0];
        RecordedCall last = null;
        for (int moment : file.changes) {
            if (moment < limit) {
                last = history.call(moment);
                bytes = changed(bytes, last, moment >= surely && fate == Fate.ZEROED, false);
            }
        }
        if (fate == Fate.BEGUN && last != null && last.kind() == RecordedCall.Kind.WRITE) {
            int next = file.changes.indexOf(lastBefore(file, limit)) + 1;
            if (next < file.changes.size() && file.changes.get(next) < end) {
                bytes = changed(bytes, history.call(file.changes.get(next)), false, true);
            }
        }
        return bytes;
    }

    private static int lastBefore(DiskFile file, int limit) {
        int last = -1;
        for (int moment : file.changes) {
            last = moment < limit ? moment : last;
        }
        return last;
    }

    private byte[] changed(byte[] before, RecordedCall call, boolean zeroed, boolean torn) {
        int number = (int) call.number();
        return switch (call.kind()) {
            case TRUNCATE -> torn ? before : Arrays.copyOf(before, number);
            case WRITE -> {
                int length = torn ? call.bytes().length / 2 / BLOCK_BYTES * BLOCK_BYTES : call.bytes().length;
                byte[] after = Arrays.copyOf(before, Math.max(before.length, number + length));
                for (int at = 0; at < length; at += BLOCK_BYTES - (number + at) % BLOCK_BYTES) {
                    if (!zeroed || random.nextBoolean()) {
                        int part = Math.min(BLOCK_BYTES - (number + at) % BLOCK_BYTES, length - at);
                        System.arraycopy(call.bytes(), at, after, number + at, part);
                    }
                }
                yield after;
            }
            default -> before;
        };
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & ~022 & 0400 >> i) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }
}

package dev.velo.launcher;

import dev.velo.ffm.RecordedCall;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to the files below one directory, in order, from a recording: to which file each change was made, and when each file
 * and directory was synced. Files that came from elsewhere, or have no name below the directory, are of no interest.
 */
final class DiskHistory {
    /** What a name stands for. */
    enum Type {
        FILE,
        DIRECTORY,
        LINK
    }

    /** One file from its beginning on, under whichever names; the moments at which it was synced, ascending. */
    static final class DiskFile {
        final Type type;
        final int mode;
        final byte[] target;
        final List<Integer> changes = new ArrayList<>();
        final List<Integer> syncs = new ArrayList<>();

        DiskFile(Type type, int mode, byte[] target) {
            this.type = type;
            this.mode = mode;
            this.target = target.clone();
        }

        /** How much of what happened before this moment is surely on the disk: everything before the moment returned. */
        int syncedBefore(int moment) {
            int last = 0;
            for (int sync : syncs) {
                last = sync < moment ? sync : last;
            }
            return last;
        }
    }

    /**
     * One change of names.
     *
     * @param file what gets a name; null if a name only goes
     * @param from where {@code oldName} goes; null if none does
     * @param into where {@code newName} comes; null if none does
     */
    record NameChange(
            int moment,
            @Nullable DiskFile file,
            @Nullable DiskFile from,
            String oldName,
            @Nullable DiskFile into,
            String newName) {
        /** The directory whose order it keeps. */
        DiskFile directory() {
            DiskFile first = from == null ? into : from;
            if (first == null) {
                throw new IllegalStateException("a change of no name");
            }
            return first;
        }

        boolean isSyncedBefore(int end) {
            return (from != null && from.syncedBefore(end) > moment)
                    || (into != null && into.syncedBefore(end) > moment);
        }
    }

    private final List<RecordedCall> calls = new ArrayList<>();
    private final List<NameChange> names = new ArrayList<>();
    private final Map<Long, DiskFile> known = new HashMap<>();
    private final DiskFile top = new DiskFile(Type.DIRECTORY, 0755, new byte[0]);

    private DiskHistory(long number) {
        known.put(number, top);
    }

    /** The history below the directory of this {@linkplain RecordedCall#number number}, which was empty at its beginning. */
    static DiskHistory read(Path recording, long number) throws IOException {
        DiskHistory history = new DiskHistory(number);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(recording)))) {
            while (true) {
                history.add(RecordedCall.read(in));
            }
        } catch (EOFException e) {
            return history;
        }
    }

    private void add(RecordedCall call) {
        int moment = calls.size();
        calls.add(call);
        DiskFile file = known.get(call.file());
        DiskFile directory = known.get(call.directory());
        switch (call.kind()) {
            case CREATE -> begin(moment, Type.FILE, call, directory);
            case MKDIR -> begin(moment, Type.DIRECTORY, call, directory);
            case SYMLINK -> begin(moment, Type.LINK, call, directory);
            case LINK -> {
                if (file != null && directory != null) {
                    names.add(new NameChange(moment, file, null, "", directory, call.newName()));
                }
            }
            case UNLINK -> {
                if (file != null) {
                    names.add(new NameChange(moment, null, file, call.name(), null, ""));
                }
            }
            case RENAME -> {
                if (file != null && directory != null) {
                    names.add(new NameChange(moment, null, file, call.name(), directory, call.newName()));
                } else if (file != null || directory != null) {
                    throw new IllegalStateException("moved over the border of what is recorded: " + call);
                }
            }
            case WRITE, TRUNCATE, MODE -> {
                if (file != null) {
                    file.changes.add(moment);
                }
            }
            case SYNC -> {
                if (file != null) {
                    file.syncs.add(moment);
                }
            }
            case UNKNOWN -> throw new IllegalStateException("cannot be replayed: " + call.name());
            case MARK -> {}
        }
    }

    private void begin(int moment, Type type, RecordedCall call, @Nullable DiskFile directory) {
        DiskFile file = new DiskFile(type, (int) call.number(), call.bytes());
        known.put(call.file(), file);
        if (directory != null) {
            names.add(new NameChange(moment, file, null, "", directory, call.newName()));
        }
    }

    DiskFile top() {
        return top;
    }

    /** How many moments there are: one for each call. */
    int length() {
        return calls.size();
    }

    RecordedCall call(int moment) {
        return calls.get(moment);
    }

    /** All changes of names, in order. */
    List<NameChange> names() {
        return names;
    }

    /** The marks set before this moment. */
    List<String> marksBefore(int moment) {
        return calls.subList(0, moment).stream()
                .filter(call -> call.kind() == RecordedCall.Kind.MARK)
                .map(RecordedCall::name)
                .toList();
    }
}

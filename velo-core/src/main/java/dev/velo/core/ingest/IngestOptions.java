package dev.velo.core.ingest;

import dev.velo.core.store.Root;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.tree.Workers;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How a tree is ingested.
 *
 * @param excludes patterns of gitignore syntax for what is left out
 * @param includes patterns for what is taken all the same
 * @param prefix names of directories, separated by slashes, under which the tree stands in its manifest; empty for none
 * @param threads how many read and hash at once
 * @param packBytes a pack is closed when it has grown to this
 */
@SuppressWarnings("ArrayRecordComponent") // options are never compared
public record IngestOptions(
        OwnerPolicy owner,
        MtimePolicy mtime,
        SyncPolicy sync,
        Root.Trust trust,
        Set<Choice> choices,
        List<String> excludes,
        List<String> includes,
        byte[] prefix,
        int threads,
        long packBytes) {

    /** What is off unless asked for. */
    public enum Choice {
        /** Files and folders that cannot be read are left out with a warning, instead of failing. */
        SKIP_UNREADABLE,
        /** Directories on other file systems are taken as empty. */
        ONE_FILE_SYSTEM,
        /** Every file is read, whatever the stat cache remembers. */
        REHASH,
        /** The manifest is written and not registered: a collection may take its blobs. */
        NO_ROOT
    }

    private static final int NAME_MAX = 255;
    private static final long PACK_BYTES = 1L << 30;

    public IngestOptions {
        for (byte[] name : PathBytes.names(prefix)) {
            if (name.length > NAME_MAX
                    || Arrays.equals(name, PathBytes.of("."))
                    || Arrays.equals(name, PathBytes.of(".."))) {
                throw new IllegalArgumentException(
                        "the prefix " + PathBytes.show(prefix) + " is not a path of plain names");
            }
        }
        choices = Set.copyOf(choices);
        excludes = List.copyOf(excludes);
        includes = List.copyOf(includes);
    }

    /** Exact, squashed, durable, untrusted, on all processors. */
    public static IngestOptions defaults() {
        return new IngestOptions(
                OwnerPolicy.SQUASH,
                new MtimePolicy.Exact(),
                SyncPolicy.FULL,
                Root.Trust.UNTRUSTED,
                EnumSet.noneOf(Choice.class),
                List.of(),
                List.of(),
                new byte[0],
                Workers.processors(),
                PACK_BYTES);
    }

    public IngestOptions withSync(SyncPolicy changed) {
        return new IngestOptions(owner, mtime, changed, trust, choices, excludes, includes, prefix, threads, packBytes);
    }

    public IngestOptions withTrust(Root.Trust changed) {
        return new IngestOptions(owner, mtime, sync, changed, choices, excludes, includes, prefix, threads, packBytes);
    }

    public IngestOptions withOwner(OwnerPolicy changed) {
        return new IngestOptions(changed, mtime, sync, trust, choices, excludes, includes, prefix, threads, packBytes);
    }

    public IngestOptions withMtime(MtimePolicy changed) {
        return new IngestOptions(owner, changed, sync, trust, choices, excludes, includes, prefix, threads, packBytes);
    }

    public IngestOptions withChoices(Set<Choice> changed) {
        return new IngestOptions(owner, mtime, sync, trust, changed, excludes, includes, prefix, threads, packBytes);
    }

    public IngestOptions withPackBytes(long changed) {
        return new IngestOptions(owner, mtime, sync, trust, choices, excludes, includes, prefix, threads, changed);
    }

    boolean has(Choice choice) {
        return choices.contains(choice);
    }
}

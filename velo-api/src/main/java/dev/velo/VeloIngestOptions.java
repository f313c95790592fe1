package dev.velo;

import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.MtimePolicy;
import dev.velo.core.ingest.OwnerPolicy;
import dev.velo.core.store.SyncPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a tree is ingested. Begins with {@link #DEFAULT} and changes one thing at a time.
 *
 * {@snippet :
 * VeloIngestOptions options = VeloIngestOptions.DEFAULT
 *         .withManifest(Path.of("deps.velo"))
 *         .withTime(Instant.EPOCH)
 *         .withExcludes(List.of("*.log"));
 * }
 *
 * @param manifest the manifest file to write; without one the tree is only registered in the store
 * @param owners what becomes of owners
 * @param time one modification time for all entries; without one each keeps its own
 * @param durability what survives a power cut
 * @param trust whether setuid bits, capabilities and device nodes may become real later
 * @param choices what is off unless asked for
 * @param excludes patterns of gitignore syntax for what is left out
 * @param includes patterns for what is taken all the same
 * @param progress told how it goes on
 */
public record VeloIngestOptions(
        Optional<Path> manifest,
        Owners owners,
        Optional<Instant> time,
        Durability durability,
        VeloTree.Trust trust,
        Set<Choice> choices,
        List<String> excludes,
        List<String> includes,
        Progress progress) {

    /** What becomes of the owners of files. */
    public enum Owners {
        /** None is stored: a file belongs to whoever looks. */
        SQUASHED,
        /** User and group numbers are stored. */
        KEPT
    }

    /** What survives a power cut; what survives a killed process is everything, always. */
    public enum Durability {
        /** The tree. */
        FULL,
        /** The store; a verification names contents that were lost. */
        METADATA,
        /** Perhaps nothing of this ingest. */
        NONE
    }

    /** What is off unless asked for. */
    public enum Choice {
        /** What cannot be read is left out with a warning, instead of failing. */
        SKIP_UNREADABLE,
        /** Directories on other file systems are taken as empty. */
        ONE_FILE_SYSTEM,
        /** Every file is read, whatever the stat cache remembers. */
        REHASH,
        /** The manifest file, which must be named then, is written and not registered: a collection may take what only it needs. */
        NO_ROOT
    }

    /**
     * Told how an ingest goes on, from any of its threads and several at once; must return at once, and must not
     * use the store. What it throws ends the ingest with an {@link IllegalStateException} of which that is the cause.
     *
     * {@snippet :
     * LongAdder files = new LongAdder();
     * VeloIngestOptions.Progress counting = new VeloIngestOptions.Progress() {
     *     @Override
     *     public void read(long moreFiles, long moreBytes) {
     *         files.add(moreFiles);
     *     }
     * };
     * }
     */
    public interface Progress {
        /**
         * More entries were found.
         *
         * @param entries how many more
         */
        default void scanned(int entries) {}

        /**
         * The scan is over.
         *
         * @param files how many files must be read
         * @param bytes how long they are together
         */
        default void toRead(long files, long bytes) {}

        /**
         * More was read.
         *
         * @param files how many more files
         * @param bytes how many more bytes
         */
        default void read(long files, long bytes) {}

        /**
         * More turned out to be new to the store.
         *
         * @param bytes how many more bytes
         */
        default void stored(long bytes) {}
    }

    private static final Progress SILENT = new Progress() {};

    /** Exact times, no owners, durable, untrusted, only registered. */
    public static final VeloIngestOptions DEFAULT = new VeloIngestOptions(
            Optional.empty(),
            Owners.SQUASHED,
            Optional.empty(),
            Durability.FULL,
            VeloTree.Trust.UNTRUSTED,
            Set.of(),
            List.of(),
            List.of(),
            SILENT);

    /** Copies the collections. */
    public VeloIngestOptions {
        choices = Set.copyOf(choices);
        excludes = List.copyOf(excludes);
        includes = List.copyOf(includes);
    }

    /**
     * The same, writing a manifest file.
     *
     * @param file where; an older one is replaced, whole or not at all
     * @return the changed options
     */
    public VeloIngestOptions withManifest(Path file) {
        return new VeloIngestOptions(
                Optional.of(file), owners, time, durability, trust, choices, excludes, includes, progress);
    }

    /**
     * The same with another policy for owners.
     *
     * @param changed what becomes of owners
     * @return the changed options
     */
    public VeloIngestOptions withOwners(Owners changed) {
        return new VeloIngestOptions(manifest, changed, time, durability, trust, choices, excludes, includes, progress);
    }

    /**
     * The same with one time for all entries, so that equal contents make equal trees.
     *
     * @param forAll the time
     * @return the changed options
     */
    public VeloIngestOptions withTime(Instant forAll) {
        return new VeloIngestOptions(
                manifest, owners, Optional.of(forAll), durability, trust, choices, excludes, includes, progress);
    }

    /**
     * The same with another durability.
     *
     * @param changed what survives a power cut
     * @return the changed options
     */
    public VeloIngestOptions withDurability(Durability changed) {
        return new VeloIngestOptions(manifest, owners, time, changed, trust, choices, excludes, includes, progress);
    }

    /**
     * The same with another trust.
     *
     * @param changed whether special metadata may become real
     * @return the changed options
     */
    public VeloIngestOptions withTrust(VeloTree.Trust changed) {
        return new VeloIngestOptions(
                manifest, owners, time, durability, changed, choices, excludes, includes, progress);
    }

    /**
     * The same with these choices instead.
     *
     * @param changed all that are on
     * @return the changed options
     */
    public VeloIngestOptions withChoices(Set<Choice> changed) {
        return new VeloIngestOptions(manifest, owners, time, durability, trust, changed, excludes, includes, progress);
    }

    /**
     * The same with these patterns for what is left out instead.
     *
     * @param changed patterns of gitignore syntax
     * @return the changed options
     */
    public VeloIngestOptions withExcludes(List<String> changed) {
        return new VeloIngestOptions(manifest, owners, time, durability, trust, choices, changed, includes, progress);
    }

    /**
     * The same with these patterns for what is taken all the same instead.
     *
     * @param changed patterns of gitignore syntax
     * @return the changed options
     */
    public VeloIngestOptions withIncludes(List<String> changed) {
        return new VeloIngestOptions(manifest, owners, time, durability, trust, choices, excludes, changed, progress);
    }

    /**
     * The same with another listener.
     *
     * @param listener told how it goes on
     * @return the changed options
     */
    public VeloIngestOptions withProgress(Progress listener) {
        return new VeloIngestOptions(manifest, owners, time, durability, trust, choices, excludes, includes, listener);
    }

    IngestOptions core() {
        IngestOptions defaults = IngestOptions.defaults();
        return new IngestOptions(
                owners == Owners.KEPT ? OwnerPolicy.KEEP : OwnerPolicy.SQUASH,
                time.<MtimePolicy>map(MtimePolicy.Fixed::new).orElseGet(MtimePolicy.Exact::new),
                SyncPolicy.valueOf(durability.name()),
                trust.core(),
                Set.copyOf(choices.stream()
                        .map(choice -> IngestOptions.Choice.valueOf(choice.name()))
                        .toList()),
                excludes,
                includes,
                defaults.prefix(),
                defaults.threads(),
                defaults.packBytes());
    }
}

package dev.velo.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A tree that holds everything a tree can hold, made for tests; the same options give the same tree.
 *
 * <pre>
 * root/
 * ├── attributes/       user.* on files and directories, empty and 3,000-byte values, ACLs, default ACL; capabilities (DEVICES)
 * ├── bulk/             nested directories of small files, copies and links among them, up to the number of entries asked for
 * ├── copies/           equal content with equal and with different metadata, in one directory and across
 * ├── deep/             (DEEP)
 * │   ├── long/         30 levels of 200-byte names
 * │   └── short/        2,500 levels of one-byte names
 * ├── empty/            directories without entries, beside and inside each other
 * ├── hardlinks/
 * │   ├── here/         three names of a file, two of a symlink, of a fifo, of an empty file
 * │   └── there/        further names of the same
 * ├── large/            1 MiB - 1, 1 MiB, 1 MiB + 1, 3 MiB + 7, 5 MiB; not LARGE_FILES: 1 MiB + 1 only
 * ├── many/             70,000 empty files (MANY)
 * ├── modes/            setuid, setgid, sticky, 0400 …; directories 0555, 0700; 0000 (UNREADABLE)
 * ├── names/            every byte but NUL and slash, 255 bytes, not UTF-8, …
 * ├── owners/           (OWNERS)
 * ├── sizes/            0 1 511 512 513 4095 4096 4097 65535 65536 65537
 * ├── sparse/           holes first, in the middle, last, everywhere; zeros that are written; 4 GiB and more (HUGE_SPARSE_FILE)
 * ├── special/          fifos; sockets (SOCKETS); device nodes (DEVICES)
 * ├── symlinks/         dangling, absolute, looping, to directories, 4,000-byte target, bytes that are not UTF-8
 * └── times/            before 1970, after 2038 and 2106, 0 and 999,999,999 ns; on files, directories and symlinks
 * </pre>
 *
 * <p>Nothing is made by a path longer than a name, so {@code rm}, {@code cp -a} and friends may fail on the tree where it is deep;
 * {@link #deleteTree} does not.
 */
public final class HostileTree {
    /** What only some tests can bear. */
    public enum Feature {
        /** Paths longer than PATH_MAX. */
        DEEP,
        /** Files of several MiB. */
        LARGE_FILES,
        /** One directory of 70,000 entries, on top of the number of entries asked for. */
        MANY,
        /** A file of 4 GiB and a little, nearly all of it a hole. */
        HUGE_SPARSE_FILE,
        /** Sockets, which ingestion leaves out. */
        SOCKETS,
        /** Device nodes and capabilities; needs root. */
        DEVICES,
        /** Files and directories of mode 0000, which only root can read. */
        UNREADABLE,
        /** Entries of other owners; needs root. */
        OWNERS
    }

    /**
     * What tree to make.
     *
     * @param entries about how many entries the tree has; there are several hundred at least, thousands with DEEP
     */
    public record Options(long seed, int entries, Set<Feature> features) {
        public Options {
            features = Set.copyOf(features);
        }

        /** Ten thousand entries; for root with what needs root; without MANY, HUGE_SPARSE_FILE and SOCKETS. */
        public static Options standard() {
            Set<Feature> features = EnumSet.of(Feature.DEEP, Feature.LARGE_FILES);
            if (isRoot()) {
                features.addAll(EnumSet.of(Feature.DEVICES, Feature.UNREADABLE, Feature.OWNERS));
            }
            return new Options(1, 10_000, features);
        }

        /** The fewest entries, no deep paths; the rest as {@link #standard}. */
        public static Options small() {
            return standard().withEntries(0).without(Feature.DEEP, Feature.LARGE_FILES);
        }

        public Options withSeed(long other) {
            return new Options(other, entries, features);
        }

        public Options withEntries(int other) {
            return new Options(seed, other, features);
        }

        public Options with(Feature... more) {
            EnumSet<Feature> changed = copy();
            changed.addAll(Set.of(more));
            return new Options(seed, entries, changed);
        }

        public Options without(Feature... fewer) {
            EnumSet<Feature> changed = copy();
            changed.removeAll(Set.of(fewer));
            return new Options(seed, entries, changed);
        }

        private EnumSet<Feature> copy() {
            EnumSet<Feature> copy = EnumSet.noneOf(Feature.class);
            copy.addAll(features);
            return copy;
        }
    }

    /**
     * What was made.
     *
     * @param entries how many entries stand below the root
     * @param leftOut what this file system or user could not have
     */
    public record Summary(int entries, Set<String> leftOut) {}

    private HostileTree() {}

    /** Fills an existing, empty directory. */
    public static Summary generate(Path root, Options options) throws IOException {
        FixtureLog log = new FixtureLog();
        byte[] path = root.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        Set<Feature> features = options.features();
        try (TreeDirectory top = TreeDirectory.root(log, path)) {
            top.stamped(Stamp.plain(0751).at(1_234_567_890, 987_654_321).with("user.root", new byte[] {1}));
            new ContentSections(options.seed(), features).addTo(top);
            new MetadataSections(options.seed(), features).addTo(top);
            new LinkSections(features).addTo(top);
            new NameSections(features).addTo(top);
            new BulkSection(options.seed(), options.entries() - log.entries()).addTo(top);
            if (features.contains(Feature.MANY)) {
                NameSections.addMany(top);
            }
        }
        return new Summary(log.entries(), log.leftOut());
    }

    /** Deletes any tree, the root included: deep ones, and directories that their owner may not enter. */
    public static void deleteTree(Path root) throws IOException {
        TreeDeletion.delete(root);
    }

    /** Whether this process may make device nodes and give files away. */
    public static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

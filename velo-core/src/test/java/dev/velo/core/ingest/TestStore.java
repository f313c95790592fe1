package dev.velo.core.ingest;

import dev.velo.core.format.Manifest;
import dev.velo.core.present.Checkout;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.present.CheckoutReport;
import dev.velo.core.present.Farm;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A store in a folder of its own, with room for trees beside it; closing it deletes all.
 *
 * <pre>
 * folder/
 * ├── store/
 * ├── NAME         a tree, as {@link #directory} makes it
 * └── NAME.velo    its manifest
 * </pre>
 */
public final class TestStore implements AutoCloseable {
    /** Restores everything. */
    public static final MetadataPolicy EXACT = new MetadataPolicy(Root.Trust.TRUSTED, MetadataPolicy.Ownership.STORED);

    private static final int THREADS = 4;

    private final Path folder;
    private final Store store;

    private TestStore(Path folder) throws IOException {
        this.folder = folder;
        this.store = Store.open(bytes(folder.resolve("store")));
    }

    /** A store in a new temporary folder. */
    public static TestStore create() throws IOException {
        return new TestStore(Files.createTempDirectory("velo-test"));
    }

    /** A store in memory where that can be had, for what is slow to make and to delete on a disk. */
    public static TestStore createInMemory() throws IOException {
        return new TestStore(folderInMemory());
    }

    /** A new temporary folder in memory where that can be had; whoever asked deletes it. */
    public static Path folderInMemory() throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) && Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "velo-test")
                : Files.createTempDirectory("velo-test");
    }

    /** A store in an existing folder, which is deleted with it. */
    public static TestStore in(Path folder) throws IOException {
        return new TestStore(folder);
    }

    public static byte[] bytes(Path path) {
        return PathBytes.of(path.toAbsolutePath());
    }

    /** Owners kept, trusted, nothing synced, four threads. */
    public static IngestOptions options() {
        IngestOptions defaults = IngestOptions.defaults();
        return new IngestOptions(
                OwnerPolicy.KEEP,
                defaults.mtime(),
                SyncPolicy.NONE,
                Root.Trust.TRUSTED,
                defaults.choices(),
                List.of(),
                List.of(),
                new byte[0],
                THREADS,
                defaults.packBytes());
    }

    public Path folder() {
        return folder;
    }

    public Store store() {
        return store;
    }

    /** A new directory beside the store. */
    public Path directory(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    public Path room(Store.Room room) {
        return folder.resolve("store").resolve(room.name().toLowerCase(Locale.ROOT));
    }

    /** The files in a room, at any depth. */
    public List<Path> files(Store.Room room) throws IOException {
        try (Stream<Path> files = Files.walk(room(room))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** How long all packs are together. */
    public long packBytes() throws IOException {
        long total = 0;
        for (Path pack : files(Store.Room.PACKS)) {
            total += Files.size(pack);
        }
        return total;
    }

    public Path manifestFile(Path tree) {
        return folder.resolve(tree.getFileName() + ".velo");
    }

    public IngestReport ingest(Path tree) throws IOException {
        return ingest(tree, options());
    }

    public IngestReport ingest(Path tree, IngestOptions options) throws IOException {
        return Ingest.run(store, bytes(tree), bytes(manifestFile(tree)), options, new IngestListener() {});
    }

    /** The manifest that the last ingest of this tree has written. */
    public Manifest manifest(Path tree) throws IOException {
        return Store.readManifest(bytes(manifestFile(tree)));
    }

    public CheckoutReport checkout(Manifest manifest, Path target, CheckoutMode mode, MetadataPolicy metadata)
            throws IOException {
        try (Packs packs = store.packs();
                Descriptor directory = Checkout.makeTarget(bytes(target))) {
            return Checkout.run(store, packs, manifest, directory.fd(), mode, metadata, THREADS);
        }
    }

    /** The directory of the farm of a manifest's tree. */
    public Path farm(IngestReport report, Path tree, MetadataPolicy metadata) throws IOException {
        try (Farm farm = Farm.of(store, report.tree(), metadata, () -> manifest(tree), THREADS)) {
            return Path.of(PathBytes.show(farm.tree()));
        }
    }

    /** What is wrong with the whole store. */
    public List<String> problems() throws IOException {
        return Verification.ofStore(store, VerifyOptions.of(Depth.CONTENTS)).problems();
    }

    /** What is wrong with one tree. */
    public List<String> problems(Manifest manifest) throws IOException {
        byte[] path = bytes(Path.of(manifest.file()));
        Root root = Root.unregistered(Roots.digestOf(path), path);
        return Verification.ofTree(store, root, manifest, VerifyOptions.of(Depth.CONTENTS))
                .problems();
    }

    /** Waits until what was changed before is old enough to be remembered. */
    public static void settle() throws InterruptedException {
        Thread.sleep(60);
    }

    /** Opens a directory; the caller closes it. */
    public static Descriptor open(Path directory) throws IOException {
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY;
        return new Descriptor(FileCalls.openat(FileCalls.AT_FDCWD, bytes(directory), flags, 0));
    }

    /** Unmounts whatever is mounted at a directory, and below it. */
    public static void detachMounts(Path directory) throws IOException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, bytes(directory), 0, stat);
        while (stat.isMountRoot()) {
            MountCalls.umount2(bytes(directory), MountCalls.MNT_DETACH);
            FileCalls.statx(FileCalls.AT_FDCWD, bytes(directory), 0, stat);
        }
    }

    @Override
    public void close() throws IOException {
        detachMounts(room(Store.Room.MOUNTS));
        store.close();
        HostileTree.deleteTree(folder);
    }
}

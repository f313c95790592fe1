package dev.velo.core.view;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Digest;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;
import dev.velo.core.format.Hashing;
import dev.velo.core.format.Manifest;
import dev.velo.core.format.ManifestBuilder;
import dev.velo.core.format.ManifestReader;
import dev.velo.core.format.PackFixture;
import dev.velo.core.format.PackFormat;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Packs;
import dev.velo.core.store.PublishedFile;
import dev.velo.core.store.SparseWriter;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The tree of the golden image, small, with a node of every kind and form, and its two packs.
 *
 * <pre>
 * .                       1600000000 s, as most
 * ├── block               block device 7:300
 * ├── device              character device 1:3
 * ├── directory/          {user.note=1}
 * │   ├── again           hard link to file
 * │   └── up              -> ..
 * ├── empty
 * ├── fifo
 * ├── file                "hello", 04755, 100000:100, before 1970: an extended inode
 * ├── link                -> directory/again
 * ├── long                -> 600 bytes: a block and a tail
 * ├── many/               30 empty files: a list of two blocks
 * ├── second              "second" {user.a=, user.b=22}
 * └── sparse              1 MiB and 2,000 bytes, in which only the first and the last are no hole
 *
 * small.pack   "hello", "second"
 * sparse.pack  the sparse file
 * </pre>
 */
final class ImageFixture {
    static final long SEED = 1;
    static final int SPARSE_BYTES = (1 << 20) + 2000;

    private static final int MANY = 30;
    private static final int TARGET_BYTES = 600;
    private static final long MTIME = 1_600_000_000L;

    private final ManifestBuilder builder = new ManifestBuilder(64);

    private ImageFixture() {}

    /** The manifest of the tree of the drawing. */
    static byte[] manifest() throws IOException {
        ImageFixture fixture = new ImageFixture();
        fixture.addTopLevel();
        fixture.addBelow();
        return fixture.written();
    }

    static byte[] emptyDirectory() throws IOException {
        ImageFixture fixture = new ImageFixture();
        fixture.entry(EntryKind.DIRECTORY, "", 0755).children(0);
        return fixture.written();
    }

    private byte[] written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        builder.writeTo(chunk -> out.writeBytes(chunk.toArray(ValueLayout.JAVA_BYTE)));
        return out.toByteArray();
    }

    private void addTopLevel() {
        entry(EntryKind.DIRECTORY, "", 0755).children(11);
        entry(EntryKind.BLOCK_DEVICE, "block", 0660).device(7L << 32 | 300);
        entry(EntryKind.CHARACTER_DEVICE, "device", 0666).device(1L << 32 | 3);
        entry(EntryKind.DIRECTORY, "directory", 01777).children(2);
        attributes(attribute("user.note", "1"));
        entry(EntryKind.FILE, "empty", 0600).emptyFile();
        entry(EntryKind.FIFO, "fifo", 0600);
        file("file", PathBytes.of("hello"), 04755);
        builder.mtime(-2, 999_999_999);
        builder.owner(100_000, 100);
        entry(EntryKind.SYMLINK, "link", 0777).target(PathBytes.of("directory/again"));
        entry(EntryKind.SYMLINK, "long", 0777).target(PathBytes.of("t".repeat(TARGET_BYTES)));
        entry(EntryKind.DIRECTORY, "many", 0700).children(MANY);
        file("second", PathBytes.of("second"), 0644);
        attributes(attribute("user.a", ""), attribute("user.b", "22"));
        file("sparse", sparse(), 0400);
    }

    private void addBelow() {
        entry(EntryKind.HARD_LINK, "again", 0).hardLinkTo(6);
        builder.mtime(0, 0);
        entry(EntryKind.SYMLINK, "up", 0777).target(PathBytes.of(".."));
        for (int i = 0; i < MANY; i++) {
            entry(EntryKind.FILE, "file-of-many-" + (10 + i), 0644).emptyFile();
        }
    }

    private ManifestBuilder entry(EntryKind kind, String name, int permissions) {
        byte[] bytes = PathBytes.of(name);
        builder.entry(kind, bytes, 0, bytes.length, permissions);
        builder.mtime(MTIME, 0);
        return builder;
    }

    private void file(String name, byte[] content, int permissions) {
        Digest digest = Digest.of(Hashing.sha256().digest(content), 0);
        entry(EntryKind.FILE, name, permissions)
                .blob(digest.word0(), digest.word1(), digest.word2(), digest.word3(), content.length);
    }

    private void attributes(AttributeSet.Attribute... attributes) {
        builder.attributes(AttributeSet.encode(List.of(attributes)));
    }

    private static AttributeSet.Attribute attribute(String name, String value) {
        return new AttributeSet.Attribute(PathBytes.of(name), PathBytes.of(value));
    }

    static byte[] sparse() {
        byte[] content = new byte[SPARSE_BYTES];
        content[0] = 'a';
        content[SPARSE_BYTES - 1] = 'z';
        return content;
    }

    static byte[] smallPack() {
        return PackFixture.pack(List.of(PathBytes.of("hello"), PathBytes.of("second")));
    }

    static byte[] sparsePack() {
        return PackFixture.pack(List.of(sparse()));
    }

    static Digest tree(byte[] manifest) {
        return Digest.of(Hashing.sha256().digest(manifest), 0);
    }

    static Manifest read(byte[] manifest) throws FormatException {
        return ManifestReader.read("tree.velo", MemorySegment.ofArray(manifest));
    }

    /** Makes these bytes a pack of the store, with holes where its zeros are. */
    static void addPack(TestStore store, byte[] pack) throws IOException {
        try (PublishedFile file = PublishedFile.create(store.store().fd(Store.Room.PACKS), 0400);
                Arena arena = Arena.ofConfined()) {
            SparseWriter writer = new SparseWriter().begin(file.fd());
            writer.accept(arena.allocateFrom(ValueLayout.JAVA_BYTE, pack));
            writer.finish();
            int id = pack.length - PackFormat.FOOTER_BYTES + PackFormat.offset(PackFormat.FOOTER, "id");
            file.publishNew(PathBytes.of(Digest.of(pack, id) + ".pack"));
        }
    }

    /** A store with the two packs, on a file system that keeps holes: without them the sparse file would be bound as one chunk. */
    static TestStore store() throws IOException {
        TestStore store = TestStore.create();
        addPack(store, smallPack());
        addPack(store, sparsePack());
        try (Packs packs = store.store().packs()) {
            int fd = packs.require(Digest.of(Hashing.sha256().digest(sparse()), 0), "test")
                    .pack()
                    .fd();
            assumeTrue(FileCalls.lseek(fd, 0, FileCalls.SEEK_HOLE) < SPARSE_BYTES, "this file system has no holes");
        }
        return store;
    }

    /** The image of a manifest over the packs of a store: everything kept, for root, with the seed of the tests. */
    static byte[] bind(TestStore store, byte[] manifest) throws IOException {
        Binding binding = new Binding(TestStore.EXACT, 0, 0, 9, SEED);
        Manifest read = read(manifest);
        try (Packs packs = store.store().packs();
                Arena arena = Arena.ofConfined()) {
            MemorySink sink = new MemorySink(arena);
            binding.write(
                    read, tree(manifest), digest -> BlobDevice.Place.of(packs.require(digest, read.file())), sink);
            return sink.written().toArray(ValueLayout.JAVA_BYTE);
        }
    }
}

package dev.velo.core.damage;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.format.Digest;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.present.CheckoutMode;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Profile;
import dev.velo.core.store.Profiles;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Report;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyListener;
import dev.velo.core.verify.VerifyOptions;
import dev.velo.core.view.Image;
import dev.velo.core.view.Images;
import dev.velo.core.view.ReadCheck;
import dev.velo.core.view.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A small store with a file of every kind that one can hold without mounts, and what its two trees say as long as nothing is damaged.
 *
 * <pre>
 * one/                              two/
 * ├── folder/                       ├── same     as one/folder/text
 * │   ├── text                      └── other
 * │   ├── twin  as text
 * │   └── program  0755
 * ├── large   9 KB, of noise
 * ├── sparse  a hole, then an end
 * ├── empty
 * ├── link -> folder/text
 * └── further  a further name of large
 * </pre>
 */
public final class StoreOfAllKinds implements AutoCloseable {
    private final TestStore own = TestStore.createInMemory();
    private final List<Path> trees = new ArrayList<>();
    private final Map<Digest, List<String>> expected = new LinkedHashMap<>();

    /** Makes it, in memory where that can be had. */
    public StoreOfAllKinds() throws IOException {
        Path one = own.directory("one");
        Path folder = Files.createDirectory(one.resolve("folder"));
        Files.writeString(folder.resolve("text"), "some words that stand in two trees\n".repeat(9));
        Files.copy(folder.resolve("text"), folder.resolve("twin"));
        Files.writeString(folder.resolve("program"), "#!/bin/sh\necho here\n");
        Files.setAttribute(folder.resolve("program"), "unix:mode", 0755);
        Files.write(one.resolve("large"), noise(9000));
        try (FileChannel sparse =
                FileChannel.open(one.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap("end".getBytes(StandardCharsets.US_ASCII)), 70_000);
        }
        Files.writeString(one.resolve("empty"), "");
        Files.createSymbolicLink(one.resolve("link"), Path.of("folder/text"));
        Files.createLink(one.resolve("further"), one.resolve("large"));
        Path two = own.directory("two");
        Files.copy(folder.resolve("text"), two.resolve("same"));
        Files.writeString(two.resolve("other"), "what only this tree has");
        trees.add(one);
        trees.add(two);
        fill();
    }

    public TestStore own() {
        return own;
    }

    /** The directory of the store. */
    public Path folder() {
        return own.folder().resolve("store");
    }

    /** The image of the first tree. */
    public Path image() throws IOException {
        String tree = expected.keySet().iterator().next().toString();
        for (Path file : own.files(Store.Room.IMAGES)) {
            String name = String.valueOf(file.getFileName());
            if (name.startsWith(tree) && !name.endsWith(".lock")) {
                return file;
            }
        }
        throw new IllegalStateException("there is no image of " + tree);
    }

    /** The directories that were ingested. */
    public List<Path> trees() {
        return trees;
    }

    /** What each tree says, by its digest, in the order of the directories. */
    public Map<Digest, List<String>> expected() {
        return expected;
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(7).nextBytes(bytes);
        return bytes;
    }

    private void fill() throws IOException {
        waitUntilFilesCount();
        for (Path tree : trees) {
            own.ingest(tree);
            Manifest manifest = own.manifest(tree);
            own.checkout(
                    manifest, own.folder().resolve(tree.getFileName() + "-out"), CheckoutMode.LINK, TestStore.EXACT);
            own.checkout(
                    manifest, own.folder().resolve(tree.getFileName() + "-farm"), CheckoutMode.FARM, TestStore.EXACT);
        }
        recordOne();
        for (Path tree : trees) {
            Digest digest = Roots.digestOf(TestStore.bytes(own.manifestFile(tree)));
            expected.put(digest, read(digest, ReadCheck.ALWAYS));
        }
        GarbageCollection.run(own.store(), CollectOptions.DEFAULT);
        verify();
        Path quarantine = Files.createDirectories(own.room(Store.Room.QUARANTINE));
        Files.copy(own.files(Store.Room.PACKS).getFirst(), quarantine.resolve("what was replaced"));
    }

    private static void waitUntilFilesCount() {
        try {
            TestStore.settle();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A profile that names the pack in which all of it lies. */
    private void recordOne() throws IOException {
        Path one = trees.getFirst();
        Digest tree = Roots.digestOf(TestStore.bytes(own.manifestFile(one)));
        Manifest manifest = own.manifest(one);
        Map<Digest, BitSet> parts = new LinkedHashMap<>();
        try (Packs packs = own.store().packs()) {
            Packs.Location first = packs.require(manifest.digest(0), "one");
            for (int blob = 0; blob < manifest.blobCount(); blob++) {
                BitSet read = new BitSet();
                read.set(0);
                parts.put(manifest.digest(blob), read);
            }
            Profile.Layout layout =
                    new Profile.Layout(first.pack().id(), List.of(new Profile.Stretch(first.offset(), 4096)));
            new Profiles(own.store()).change(tree, none -> new Profile(layout, parts));
        }
    }

    /** Everything a tree says, as somebody gets it who opens the store anew. */
    List<String> read(Digest tree, ReadCheck check) throws IOException {
        try (Store store = Store.open(TestStore.bytes(folder()))) {
            Roots roots = new Roots(store);
            Image image = Images.of(store, tree, TestStore.EXACT, () -> roots.manifest(tree), check);
            try (View view = View.open(store, image, check)) {
                return WholeTree.of(view);
            }
        }
    }

    /** The paths of the manifests that are registered, and of which trees. */
    Set<String> registered() throws IOException {
        Set<String> registered = new HashSet<>();
        try (Store store = Store.open(TestStore.bytes(folder()))) {
            new Roots(store)
                    .all()
                    .forEach(root -> registered.add(
                            new String(root.manifestPath(), StandardCharsets.UTF_8) + " " + root.tree()));
        }
        return registered;
    }

    /** What verification says of the whole store, with everything read. */
    Report verify() throws IOException {
        try (Store store = Store.open(TestStore.bytes(folder()))) {
            return Verification.ofStore(
                    store, new VerifyOptions(Depth.CONTENTS, Duration.ZERO, 1, VerifyListener.NONE));
        }
    }

    /** Has images made anew from what the store says now. */
    void forgetImages() throws IOException {
        for (Path image : own.files(Store.Room.IMAGES)) {
            Files.delete(image);
        }
    }

    /** All files of the store that hold something, each inode once. */
    List<Path> files() throws IOException {
        Set<Object> seen = new HashSet<>();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder())) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                boolean derivedLink = file.startsWith(own.room(Store.Room.FARMS));
                if (Files.size(file) > 0 && !derivedLink && seen.add(Files.getAttribute(file, "unix:ino"))) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        own.close();
    }
}

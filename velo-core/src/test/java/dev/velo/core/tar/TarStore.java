package dev.velo.core.tar;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.ingest.TreeIntake;
import dev.velo.core.store.BlobReader;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A store that takes archives. */
final class TarStore implements AutoCloseable {
    final TestStore store = TestStore.create();
    private final Path manifest = store.folder().resolve("archive.velo");

    TarStore() throws IOException {}

    IngestReport take(InputStream archive, IngestOptions options) throws IOException {
        return TreeIntake.run(
                store.store(),
                TestStore.bytes(manifest),
                options,
                new IngestListener() {},
                new TarTree("archive.tar", archive));
    }

    Manifest take(TarArchive archive) throws IOException {
        take(archive.stream(), TestStore.options());
        return manifest();
    }

    Manifest take(byte[] archive) throws IOException {
        take(new ByteArrayInputStream(archive), TestStore.options());
        return manifest();
    }

    Manifest manifest() throws IOException {
        return Store.readManifest(TestStore.bytes(manifest));
    }

    Path manifestFile() {
        return manifest;
    }

    /** Every path with what is there: contents, {@code /} for a directory, {@code -> target}, {@code = primary}, or the kind. */
    Map<String, String> sketch(Manifest tree) throws IOException {
        Map<String, String> sketch = new TreeMap<>();
        int[] parents = tree.parents();
        for (int entry = 1; entry < tree.entryCount(); entry++) {
            String what = switch (tree.kind(entry)) {
                case FILE -> contents(tree, entry);
                case DIRECTORY -> isOpaque(tree, entry) ? "/ opaque" : "/";
                case SYMLINK -> "-> " + PathBytes.show(tree.target(entry));
                case HARD_LINK -> "= " + tree.describe(tree.primary(entry), parents);
                case CHARACTER_DEVICE, BLOCK_DEVICE ->
                    tree.kind(entry) + " " + (tree.device(entry) >>> 32) + ":" + (int) tree.device(entry);
                case FIFO -> EntryKind.FIFO.name();
            };
            sketch.put(tree.describe(entry, parents), what);
        }
        return sketch;
    }

    static boolean isOpaque(Manifest tree, int entry) {
        return tree.attributes(entry).stream()
                .anyMatch(attribute -> text(attribute.name()).equals("user.overlay.opaque")
                        && text(attribute.value()).equals("y"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static List<String> attributes(Manifest tree, int entry) {
        List<String> texts = new ArrayList<>();
        for (AttributeSet.Attribute attribute : tree.attributes(entry)) {
            texts.add(text(attribute.name()) + "=" + text(attribute.value()));
        }
        return texts;
    }

    private String contents(Manifest tree, int entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (tree.blob(entry) >= 0) {
            try (Packs packs = store.store().packs()) {
                new BlobReader()
                        .read(
                                packs.require(tree.digest(tree.blob(entry)), "a test"),
                                tree.digest(tree.blob(entry)),
                                piece -> bytes.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return text(bytes.toByteArray());
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}

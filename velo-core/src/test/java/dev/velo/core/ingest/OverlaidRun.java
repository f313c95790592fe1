package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Manifest;
import dev.velo.core.present.CheckoutMode;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.CString;
import dev.velo.ffm.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A run over a tree: the tree is checked out, overlaid, and changed through the overlay.
 *
 * <pre>
 * store's folder/
 * ├── NAME-lower    the tree
 * ├── NAME-upper    what was written over it
 * ├── NAME-work
 * └── NAME-shown    where the overlay is mounted
 * </pre>
 */
final class OverlaidRun {
    /** What happens in the overlay. */
    interface Program {
        void run(Path tree) throws IOException;
    }

    private final TestStore store;
    private final Manifest lower;
    private final String name;

    OverlaidRun(TestStore store, Manifest lower, String name) {
        this.store = store;
        this.lower = lower;
        this.name = name;
    }

    private Path folder(String of) {
        return store.folder().resolve(name + "-" + of);
    }

    Path upper() {
        return folder("upper");
    }

    /**
     * Runs the program and returns the tree that is seen when it has ended, as an ingest of the overlay finds it: mounted anew, because
     * as long as it is mounted it remembers of some links of symbolic links that they were not always one file.
     */
    Manifest seen(Program program) throws IOException {
        run(program);
        try (TestMount overlay = mount()) {
            store.ingest(overlay.point());
        }
        return store.manifest(folder("shown"));
    }

    void run(Program program) throws IOException {
        store.checkout(lower, store.directory(name + "-lower"), CheckoutMode.COPY, TestStore.EXACT);
        store.directory(name + "-upper");
        store.directory(name + "-shown");
        likeRoot();
        try (TestMount overlay = mount()) {
            program.run(overlay.point());
        }
    }

    private TestMount mount() throws IOException {
        return TestMount.userOverlay(folder("shown"), folder("lower"), upper(), folder("work"));
    }

    /** The root of an overlay looks as its upper does. */
    private void likeRoot() throws IOException {
        Files.setAttribute(upper(), "unix:mode", lower.permissions(0));
        if (lower.hasOwner(0)) {
            AttributeCalls.fchownat(
                    FileCalls.AT_FDCWD, CString.first(TestStore.bytes(upper())), lower.uid(0), lower.gid(0), 0);
        }
        for (AttributeSet.Attribute attribute : lower.attributes(0)) {
            AttributeCalls.lsetxattr(TestStore.bytes(upper()), attribute.name(), attribute.value());
        }
        AttributeCalls.utimensat(
                FileCalls.AT_FDCWD,
                CString.first(TestStore.bytes(upper())),
                lower.mtimeSeconds(0),
                lower.mtimeNanos(0),
                0);
    }

    SavedTree save() throws IOException {
        return save(OverlayUpper.of(TestStore.bytes(upper())));
    }

    SavedTree save(OverlayUpper upper) throws IOException {
        return Save.run(
                store.store(),
                upper,
                List.of(lower),
                TestStore.bytes(folder("saved.velo")),
                new byte[0],
                TestStore.options(),
                new IngestListener() {});
    }
}

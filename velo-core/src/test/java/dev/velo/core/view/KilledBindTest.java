package dev.velo.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.TestStore;
import dev.velo.core.store.Store;
import dev.velo.core.testing.ViewComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A bind that is killed before any of its calls that change something leaves a room in which the next one succeeds. */
class KilledBindTest {
    private static final int KILLED = 128 + 9;
    private static final Pattern COUNT = Pattern.compile("changing calls: ([0-9]+)");

    @Test
    void leavesNothingThatStopsTheNext() throws Exception {
        try (TestStore store = TestStore.create()) {
            Path tree = store.directory("tree");
            for (int i = 0; i < 200; i++) {
                Files.writeString(tree.resolve("file-" + i), "text " + i);
            }
            IngestReport report = store.ingest(tree);
            Process counted = bind(store, tree, "-Dvelo.fault=count");
            Matcher count = COUNT.matcher(BindingProcess.printed(counted));
            assertThat(count.find()).isTrue();
            int calls = Integer.parseInt(count.group(1));
            // at least lock, bytes, sync, and the two steps that publish
            assertThat(calls).isGreaterThanOrEqualTo(5);
            for (int call = 1; call <= calls; call++) {
                empty(store);
                Process victim = bind(store, tree, "-Dvelo.fault=kill:" + call);
                assertThat(BindingProcess.printed(victim)).isEmpty();
                assertThat(victim.exitValue()).isEqualTo(KILLED);
                requireLittleLeft(store, call, calls);
                try (View view = View.open(
                        store.store(),
                        Images.of(store.store(), report.tree(), TestStore.EXACT, () -> store.manifest(tree)))) {
                    view.image().verify();
                    assertThat(ViewComparison.compare(tree, view).differences())
                            .as("killed before call %s of %s", call, calls)
                            .isEmpty();
                }
            }
        }
    }

    private static Process bind(TestStore store, Path tree, String option) throws IOException {
        return BindingProcess.start(store.folder().resolve("store"), store.manifestFile(tree), option);
    }

    private static void empty(TestStore store) throws IOException {
        for (Path file : store.files(Store.Room.IMAGES)) {
            Files.delete(file);
        }
    }

    /** A lock that nobody holds, and perhaps the image: whole, or not yet under its name. */
    private static void requireLittleLeft(TestStore store, int call, int calls) throws IOException {
        List<Path> left = store.files(Store.Room.IMAGES);
        assertThat(left).as("killed before call %s of %s", call, calls).hasSizeLessThanOrEqualTo(2);
        for (Path file : left) {
            if (!file.toString().endsWith(".lock")) {
                try (Image image = Image.open(TestStore.bytes(file))) {
                    image.verify();
                }
            }
        }
    }
}

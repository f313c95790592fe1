package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.velo.VeloEntry;
import dev.velo.VeloStore;
import dev.velo.VeloView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many at once on one store: some ingest trees that change, appear and vanish, some run commands in them by every presentation, some
 * read them in this process, and collections, repacking and verification go on without end. Nobody fails, nobody sees a byte that is
 * not the tree's, and afterwards the store is in order, small, and in nobody's hands.
 *
 * <p>{@code -Dvelo.crowd.seconds=600} makes it ten minutes with eight members of each kind, instead of a few seconds with two.
 */
final class CrowdTest {
    private static final int SECONDS = Integer.getInteger("velo.crowd.seconds", 12);
    private static final int MEMBERS = SECONDS < 60 ? 2 : 8;

    /** Packs may be larger than what lives in them by the eighth that a collection lets be dead, and by padding and indexes. */
    private static final double MAX_RATIO = 1.3;

    /** At any time: what lives, what died or was linked since the last collection, or the minute that a loose file is let be. */
    private static final long MAX_BYTES = 256L << 20;

    /** Manifests that never vanish: the usual tree, and the root of what runs isolated. */
    private static final List<String> OTHERS = List.of("tree.velo", "base.velo");

    @TempDir
    private Path temporary;

    private final List<Long> sizes = new ArrayList<>();

    @ForEachCaller
    void nobodyFailsAndNothingIsLostOrLeft(Caller caller) throws Exception {
        Workplace place = Workplace.ingested(caller, temporary);
        for (String name : List.of("manifests", "trees", "out")) {
            place.directory(name);
        }
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/busybox")), "takes busybox-static");
        place.velo("base", "busybox", "/usr/bin/busybox", "-o", "base.velo", "-q")
                .run()
                .succeeded();
        Crowd crowd = Crowd.of(place, SECONDS);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            members(crowd).forEach(threads::execute);
            threads.shutdown();
            while (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
                sizes.add(size(place.store()));
            }
        }
        System.out.printf(
                "crowd of %s: %d ingests, %d runs and views, %d collections in %d s; store at most %d MB%n",
                caller,
                crowd.ingests().get(),
                crowd.runs().get(),
                crowd.collections().get(),
                SECONDS,
                sizes.stream().mapToLong(Long::longValue).max().orElse(0) >> 20);
        assertThat(crowd.found()).isEmpty();
        assertThat(crowd.ingests().get()).isPositive();
        assertThat(sizes).allMatch(size -> size < MAX_BYTES);
        requireOrder(crowd);
        requireNothingLeft(place);
    }

    private List<Runnable> members(Crowd crowd) {
        List<Runnable> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(crowd.member("ingester " + i, new CrowdIngester(crowd, i)));
            for (CrowdRunner.Way way : CrowdRunner.Way.values()) {
                if (isPossible(crowd.place().caller(), way)) {
                    members.add(crowd.member(way + " " + i, new CrowdRunner(crowd, way, i)));
                }
            }
            if (crowd.place().caller().prefix().isEmpty()) {
                members.add(crowd.member("reader " + i, new CrowdReader(crowd, i)));
            }
        }
        List<String> collecting = List.of("gc", "--delete", "--yes", "--prune-stale", "-q");
        List<String> derived = List.of("gc", "--derived", "--delete", "--yes", "-q");
        List<String> unmounting = List.of("umount", "--idle");
        List<String> verifying = List.of("verify", "--contents", "--max-age", "0s", "-q");
        List<List<List<String>>> loops = List.of(
                List.of(collecting, collecting, collecting, derived),
                List.of(List.of("repack", "-q"), unmounting),
                List.of(verifying, List.of("gc", "-q"), List.of("status", "--json")));
        for (List<List<String>> loop : loops) {
            members.add(crowd.member(String.join(" ", loop.getFirst()), new CrowdCollector(crowd, loop)));
        }
        return members;
    }

    private static boolean isPossible(Caller caller, CrowdRunner.Way way) {
        return switch (way) {
            case MOUNT, WRITABLE_MOUNT, PREFETCHED_MOUNT -> caller == Caller.ROOT;
            case LINK, WRITABLE_LINK, PRELOAD, COPY, ISOLATE -> true;
        };
    }

    /** After a last collection the store is as small as what lives in it, whole, and each living tree reads as it was ingested. */
    private static void requireOrder(Crowd crowd) throws Exception {
        Workplace place = crowd.place();
        if (place.caller() == Caller.ROOT) {
            place.velo("umount", "--idle").run().succeeded();
        }
        place.velo("gc", "--delete", "--yes", "--prune-stale", "-q").run().succeeded();
        assertThat(idleLocks(place.store())).as("locks of what has gone").isEmpty();
        place.velo("repack", "-q").run().succeeded();
        place.velo("verify", "--contents", "--max-age", "0s", "-q").run().succeeded();
        assertThat(StoreOrder.problems(place.store())).isEmpty();
        List<LivingTrees.Living> living = crowd.trees().all();
        Map<String, Long> contents = new HashMap<>();
        try (VeloStore store = VeloStore.open(place.store())) {
            assertThat(store.manifests()).hasSize(living.size() + OTHERS.size());
            for (LivingTrees.Living tree : living) {
                try (VeloView view = store.view(tree.manifest())) {
                    assertThat(CrowdReader.sum(view)).as("%s", tree.manifest()).isEqualTo(tree.sum());
                }
                addContents(store, tree.manifest(), contents);
            }
            for (String other : OTHERS) {
                addContents(store, place.folder().resolve(other), contents);
            }
        }
        long needed = contents.values().stream().mapToLong(Long::longValue).sum();
        assertThat(size(place.store().resolve("packs"))).isLessThan((long) (needed * MAX_RATIO));
    }

    private static void addContents(VeloStore store, Path manifest, Map<String, Long> contents) throws IOException {
        try (VeloView view = store.view(manifest);
                Stream<VeloEntry> all = view.walk("/")) {
            all.forEach(entry -> entry.digest().ifPresent(digest -> contents.put(digest, entry.size())));
        }
    }

    private static List<String> idleLocks(Path store) throws IOException {
        List<String> found = new ArrayList<>();
        for (String room : List.of("images", "mounts", "farms")) {
            List<String> names = Workplace.names(store.resolve(room));
            names.stream()
                    .filter(name -> name.matches("[0-9a-f]{64}.*\\.lock"))
                    .filter(name -> !names.contains(name.substring(0, name.length() - ".lock".length())))
                    .forEach(found::add);
        }
        return found;
    }

    private static void requireNothingLeft(Workplace place) throws Exception {
        if (place.caller() == Caller.ROOT) {
            place.velo("umount", "--idle").run().succeeded();
        }
        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
                .as("mounts, but for the room of anchors")
                .noneMatch(line -> line.contains(place.folder().toString()) && !line.contains("/store/mounts "));
        assertThat(Workplace.names(place.folder())).as("places").noneMatch(name -> name.startsWith("shown-"));
        assertThat(Workplace.names(place.store().resolve("copies")))
                .as("copies")
                .isEmpty();
        assertThat(Workplace.names(place.store().resolve("trash"))).as("trash").isEmpty();
        assertThat(temporaries(place.store())).as("temporaries").isEmpty();
        assertThat(held(place.store()))
                .as("descriptors and mapped files of this process")
                .isEmpty();
        assertThat(processes(place.folder())).as("processes").isEmpty();
    }

    private static List<String> temporaries(Path store) throws IOException {
        try (Stream<Path> all = Files.walk(store)) {
            return all.map(Path::toString)
                    .filter(path -> path.contains("/.tmp-") || path.endsWith(".new"))
                    .toList();
        }
    }

    /** What of this folder the process has open or mapped. */
    private static List<String> held(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (line.contains(folder.toString())) {
                found.add(line);
            }
        }
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                if (Files.isSymbolicLink(each)) {
                    String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith(folder.toString())) {
                        found.add(target);
                    }
                }
            }
        }
        return found;
    }

    /** Processes that were started for this folder, and not waited for. */
    private static List<String> processes(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path each : all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                try {
                    String words = Files.readString(each.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    String environment = Files.readString(each.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (words.contains(folder.toString()) || environment.contains(folder.toString())) {
                        found.add(each + " " + words.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // it has ended
                }
            }
        }
        return found;
    }

    /** What files take on the disk, each once however many names it has. */
    private static long size(Path store) throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "-sx", "--block-size=1", store.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        du.waitFor();
        return text.isEmpty() ? 0 : Long.parseLong(text.substring(0, text.indexOf('\t')));
    }
}

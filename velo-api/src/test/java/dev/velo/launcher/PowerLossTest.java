package dev.velo.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.velo.core.collect.CollectOptions;
import dev.velo.core.collect.GarbageCollection;
import dev.velo.core.format.Digest;
import dev.velo.core.ingest.Ingest;
import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.testing.HostileTree;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Finding;
import dev.velo.core.verify.Repair;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.RecordedCall;
import dev.velo.ffm.Statx;
import dev.velo.launcher.PowerLossScript.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whenever the power is lost, and whatever the disk has by then of what was not waited for: what was said to be durable is there and
 * whole, the next command does its work, and nothing that was half written is believed by it. The calls of a few commands are recorded,
 * and the {@linkplain CrashedDisk states} that a disk may be in after them made real, one after another, in the same place.
 */
@Execution(ExecutionMode.CONCURRENT)
final class PowerLossTest {
    /** States of each script; {@code -Dvelo.kill.rounds} raises it. */
    private static final int STATES = 80;

    /** What a step leaves that makes no manifest. */
    private static final Digest NOTHING = new Digest(0, 0, 0, 0);

    private static final VerifyOptions ALL = VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO);

    @TempDir(factory = MemoryFolder.class)
    private Path temporary;

    @ParameterizedTest
    @EnumSource
    void leavesWhatWasDurable(PowerLossScript script) throws Exception {
        Path recording = Files.createTempFile("velo-test", ".calls");
        try {
            Workplace place = PowerLossScript.workplace(temporary);
            List<Digest> trees = record(place, script, recording);
            DiskHistory history = DiskHistory.read(recording, number(place.folder()));
            List<String> wrong = new ArrayList<>();
            Random random = new Random(script.name().hashCode());
            int states = Moments.rounds(STATES);
            for (int state = 0; state < states; state++) {
                int moment = 1 + (int) ((long) state * history.length() / states);
                CrashedDisk.Order order =
                        state % 2 == 0 ? CrashedDisk.Order.OF_ALL_NAMES : CrashedDisk.Order.WITHIN_DIRECTORIES;
                long seed = random.nextLong();
                String at = "before call " + moment + " of " + history.length() + ", " + order + ", " + seed + ": ";
                clear(place);
                CrashedDisk.at(history, moment, order, seed).writeTo(place.folder());
                startAgain(place);
                try {
                    problems(place, script, trees, history.marksBefore(moment)).forEach(each -> wrong.add(at + each));
                } catch (IOException | RuntimeException e) {
                    wrong.add(at + e);
                }
            }
            assertThat(wrong).isEmpty();
        } finally {
            Files.delete(recording);
        }
    }

    /** Carries the script out; returns the digest of the manifest that each step has left. */
    private static List<Digest> record(Workplace place, PowerLossScript script, Path recording) throws Exception {
        List<Digest> trees = new ArrayList<>();
        try (FaultyProcess process = FaultyProcess.recording(place, recording)) {
            for (int number = 0; number < script.steps().size(); number++) {
                Step step = script.steps().get(number);
                step.change(place);
                FaultyProcess.Answer answer = process.run(FaultyLauncher.RECORD + number, step.words());
                assertThat(answer.status()).as(answer.complaint()).isZero();
                Path manifest = place.folder().resolve(step.manifest());
                trees.add(Files.exists(manifest) ? Roots.digestOf(PathBytes.of(manifest)) : NOTHING);
            }
        }
        return trees;
    }

    private static List<String> problems(
            Workplace place, PowerLossScript script, List<Digest> trees, List<String> marks) throws Exception {
        List<String> problems = new ArrayList<>();
        int begun =
                (int) marks.stream().filter(mark -> mark.startsWith("begin")).count();
        int ended = marks.size() - begun;
        boolean allDurable = script.steps().subList(0, begun).stream().allMatch(Step::isDurable);
        if (allDurable) {
            StoreOrder.problemsAfterKill(place.store()).forEach(each -> problems.add("found: " + each));
        }
        for (String manifest : script.manifests()) {
            problems.addAll(broken(place, script.promised(manifest, trees, ended, begun), manifest));
        }
        problems.addAll(next(place));
        return problems;
    }

    /** What is missing of the tree that must be registered for a manifest. */
    private static List<String> broken(Workplace place, PowerLossScript.Promise promise, String manifest) {
        byte[] path = PathBytes.of(place.folder().resolve(manifest));
        if (promise.isEmpty()) {
            return List.of();
        }
        try (Store store = Store.openExisting(PathBytes.of(place.store()))) {
            Root root = new Roots(store).at(path);
            if (root == null) {
                return promise.mayBeGone() ? List.of() : List.of("no longer registered: " + manifest);
            }
            if (!promise.trees().contains(root.tree())) {
                return List.of("another tree is registered for " + manifest);
            }
            return incomplete(store, root);
        } catch (IOException e) {
            return List.of("cannot be read: " + manifest + ": " + e.getMessage());
        }
    }

    private static List<String> incomplete(Store store, Root root) throws IOException {
        // of a pack that cannot be opened the tree lacks blobs, or needs none
        return Verification.ofTree(store, root, new Roots(store).manifest(root), ALL).findings().stream()
                .filter(finding -> finding.kind() != Finding.Kind.PACK)
                .map(finding -> "durable, and now: " + finding.told())
                .toList();
    }

    /** What the next commands do wrong. */
    private static List<String> next(Workplace place) throws IOException {
        List<String> problems = new ArrayList<>();
        byte[] manifest = PathBytes.of(place.manifest());
        try (Store store = Store.open(PathBytes.of(place.store()))) {
            IngestOptions options =
                    IngestOptions.defaults().withSync(SyncPolicy.FULL).withPackBytes(1 << 20);
            Ingest.run(store, PathBytes.of(place.tree()), manifest, options, new IngestListener() {});
            Root root = Objects.requireNonNull(new Roots(store).at(manifest));
            incomplete(store, root).forEach(each -> problems.add("ingested again, " + each));
            Repair.run(store, () -> Verification.ofStore(store, ALL));
            GarbageCollection.run(store, CollectOptions.DEFAULT.withMinimumAge(Duration.ZERO));
            incomplete(store, root).forEach(each -> problems.add("collected, " + each));
        }
        StoreOrder.problemsAfterKill(place.store()).forEach(each -> problems.add("afterwards: " + each));
        return problems;
    }

    /** What the machine has said of its last start is of another one now. */
    private static void startAgain(Workplace place) throws IOException {
        Path boot = place.store().resolve("stats/boot");
        if (Files.exists(boot) && Files.size(boot) > 0) {
            byte[] bytes = Files.readAllBytes(boot);
            bytes[0] ^= 1;
            Files.write(boot, bytes);
        }
    }

    private static void clear(Workplace place) throws IOException {
        for (String name : Workplace.names(place.folder())) {
            Path path = place.folder().resolve(name);
            if (path.equals(place.store())) {
                HostileTree.deleteTree(path);
            } else if (!path.equals(place.tree())) {
                Files.delete(path);
            }
        }
    }

    private static long number(Path folder) throws IOException {
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, PathBytes.of(folder), 0, stat);
        return RecordedCall.number(stat.device(), stat.inode());
    }
}

package dev.velo.project;

import dev.velo.core.format.Digest;
import dev.velo.core.format.Hashing;
import dev.velo.core.present.CommandProcess;
import dev.velo.core.present.LaunchOptions;
import dev.velo.core.present.MountTable;
import dev.velo.core.present.PlacedTree;
import dev.velo.core.present.Presentation;
import dev.velo.core.present.Presenter;
import dev.velo.core.present.SeenTrees;
import dev.velo.core.present.SharedLaunch;
import dev.velo.core.present.Upper;
import dev.velo.core.store.DirectoryListing;
import dev.velo.core.store.PathText;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The trees of a project: required, and shown to commands, which share one mount of each as long as any of them runs. */
public final class ProjectSession {
    /** States of processes that nobody has waited for yet. */
    private static final Set<String> ENDED = Set.of("Z", "X");

    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final Store store;
    private final Project project;
    private final UserFacts user;

    public ProjectSession(Store store, Project project, UserFacts user) {
        this.store = store;
        this.project = project;
        this.user = user;
    }

    /**
     * A tree that a command sees.
     *
     * @param shown how; null if {@code velo install} has mounted it at its place, where it is seen anyhow
     */
    public record Seen(ReadyTree tree, Presenter.@Nullable Shown shown) {}

    /** What {@link #show} hands a plan to: turns this process into its runner, or describes it. */
    @FunctionalInterface
    public interface Use {
        void of(Plan plan, List<Seen> seen) throws IOException;
    }

    /** What is decided now: each tree of the project with its key. */
    public Map<ProjectTree, TreeKey> keys() throws IOException {
        ToolVersions tools = new ToolVersions(store, user);
        Map<ProjectTree, TreeKey> keys = new LinkedHashMap<>();
        for (ProjectTree tree : project.resolve(user)) {
            keys.put(tree, TreeKey.of(tree, user, tools));
        }
        return keys;
    }

    /**
     * The trees of these keys, which {@link #keys} has told; made where nobody knows them.
     *
     * @throws IOException if two of them, or of their parts, would be seen at one place
     */
    public List<ReadyTree> require(Map<ProjectTree, TreeKey> keys, TreeMaker maker) throws IOException {
        List<ReadyTree> ready = new ArrayList<>();
        Map<String, Digest> noted = new LinkedHashMap<>();
        for (Map.Entry<ProjectTree, TreeKey> each : keys.entrySet()) {
            ReadyTree tree = maker.require(each.getKey(), each.getValue());
            ready.add(tree);
            tree.all().forEach(part -> noted.put(part.tree().name(), part.key().digest()));
        }
        requireApart(ready);
        new KnownTrees(store).note(project, noted);
        return ready;
    }

    /**
     * Shows the trees and their parts to a command: in the namespaces of a command of this project that sees the same ones, or in new ones. A tree that
     * {@code velo install} has mounted at its place is seen anyhow.
     */
    @SuppressWarnings("try") // the lock is only held
    public void show(List<ReadyTree> ready, List<Presentation> chain, byte[] directory, CommandProcess process, Use use)
            throws IOException {
        try (Descriptor lock = project.lock()) {
            MountTable mounts = MountTable.read();
            List<ReadyTree> unseen = new ArrayList<>();
            List<Upper> uppers = new ArrayList<>();
            List<ReadyTree> all = new ArrayList<>(ReadyTree.all(ready));
            all.addAll(new HiddenParts(store).of(project, ready));
            List<Seen> seen = new ArrayList<>();
            for (ReadyTree tree : all) {
                Upper upper = tree.upper();
                if (upper.isMountedAt(mounts, tree.tree().place())) {
                    seen.add(new Seen(tree, null));
                } else {
                    unseen.add(tree);
                    uppers.add(upper);
                }
            }
            String session = name(unseen);
            List<byte[]> places =
                    unseen.stream().map(tree -> tree.tree().place()).toList();
            try (SeenTrees others = others(session, places)) {
                byte[] record = record(session);
                present(unseen, uppers, chain, new ArrayList<>(), seen, placed -> {
                    SharedLaunch launch = new SharedLaunch(placed, lock, record);
                    Plan plan = others == null
                            ? launch.first(directory, process, List.of())
                            : launch.joining(others, directory, process);
                    use.of(plan, seen);
                });
            }
        }
    }

    /** What a tool puts at further places is known only when it has. */
    private void requireApart(List<ReadyTree> ready) throws IOException {
        List<ProjectTree> seen =
                new ArrayList<>(ready.stream().map(ReadyTree::tree).toList());
        for (ReadyTree tree : ready) {
            for (ReadyTree part : tree.parts()) {
                Places.requirePlain(project.folder(), part.tree().place());
                project.requireApart(part.tree(), seen);
                seen.add(part.tree());
            }
        }
    }

    private interface Placing {
        void of(List<PlacedTree> placed) throws IOException;
    }

    private void present(
            List<ReadyTree> trees,
            List<Upper> uppers,
            List<Presentation> chain,
            List<PlacedTree> placed,
            List<Seen> seen,
            Placing then)
            throws IOException {
        int next = placed.size();
        if (next == trees.size()) {
            then.of(placed);
            return;
        }
        ReadyTree tree = trees.get(next);
        tree.presenter(store).auto(chain, each -> {
            placed.add(new PlacedTree(
                    each.directory(), tree.tree().place(), new LaunchOptions.Writes.Kept(uppers.get(next))));
            seen.add(new Seen(tree, each));
            present(trees, uppers, chain, placed, seen, then);
            return true;
        });
    }

    /** The same for all commands that see the same trees at the same places. */
    private static String name(List<ReadyTree> trees) {
        StringBuilder text = new StringBuilder();
        for (ReadyTree tree : trees) {
            text.append(tree.root().tree())
                    .append(' ')
                    .append(PathText.escape(tree.tree().place()))
                    .append(' ')
                    .append(tree.key().digest())
                    .append('\n');
        }
        byte[] hash = Hashing.sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
        return Digest.of(hash, 0).toString().substring(0, 16);
    }

    /**
     * A command of the project that is running.
     *
     * @param session which trees it sees
     * @param process the id of its runner
     * @param began what tells it from a later process of this id
     */
    private record Running(String session, String process, String began) {}

    /** The processes that show trees of a project to commands now. */
    public static List<String> processes(Project project) throws IOException {
        return running(project).stream().map(Running::process).toList();
    }

    /** What is noted of commands that are running. What is noted of ended ones is removed. */
    private static List<Running> running(Project project) throws IOException {
        List<Running> running = new ArrayList<>();
        byte[] runs = project.state("runs");
        for (byte[] name : DirectoryListing.names(runs)) {
            String[] words = PathBytes.show(name).split("-", -1);
            String text = SmallFiles.text(PathBytes.join(runs, name));
            if (words.length == 2
                    && words[1].matches("[0-9]{1,9}")
                    && text != null
                    && text.equals(beginning(words[1]))) {
                running.add(new Running(words[0], words[1], text));
            } else {
                Places.removeIfThere(PathBytes.join(runs, name)); // or its runner does at this moment
            }
        }
        return running;
    }

    /** What a command sees that is running in this session; null if there is none. */
    private @Nullable SeenTrees others(String session, List<byte[]> places) throws IOException {
        for (Running command : running(project)) {
            if (command.session().equals(session)) {
                SeenTrees found = SeenTrees.of(Integer.parseInt(command.process()), places);
                if (found != null) {
                    return found;
                }
                awaitEnd(command);
            }
        }
        return null;
    }

    /**
     * A runner whose command has ended still has its upper until it has ended itself, and nobody else could mount that. It began its
     * command before it let go of the lock.
     */
    private static void awaitEnd(Running command) throws IOException {
        long limit = System.nanoTime() + LONGEST_END.toNanos();
        try {
            while (command.began().equals(beginning(command.process())) && System.nanoTime() < limit) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a command of the project was ending", e);
        }
    }

    /** The file that tells others of this process, which becomes the command's runner. */
    private byte[] record(String session) throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        byte[] record = PathBytes.join(project.state("runs"), PathBytes.of(session + "-" + self));
        SmallFiles.write(record, String.valueOf(beginning(self)), 0600);
        return record;
    }

    /** When a process began, in ticks since the machine did; null if there is none of this number, or it has ended. */
    private static @Nullable String beginning(String process) {
        try {
            String stat = Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return ENDED.contains(words[0]) ? null : words[19];
        } catch (IOException e) {
            return null;
        }
    }
}

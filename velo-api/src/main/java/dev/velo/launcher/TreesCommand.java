package dev.velo.launcher;

import dev.velo.core.collect.TreeUsage;
import dev.velo.core.collect.Usage;
import dev.velo.core.format.Digest;
import dev.velo.core.store.Packs;
import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import dev.velo.core.tree.Descriptor;
import dev.velo.core.tree.Existence;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.FileCalls;
import dev.velo.project.KnownTrees;
import dev.velo.project.ReadyTree;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo trees}: the dependency trees that the store knows, by project. */
@Command(
        name = "trees",
        sortOptions = false,
        description = {
            "Lists the dependency trees that the store knows by their keys, with the projects that used them last.",
            "own: what no other registered tree needs. shared: the rest."
        })
final class TreesCommand implements Callable<Integer> {
    private static final String NONE = "-";

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = "--forget",
            paramLabel = "AGE",
            description =
                    "Forgets trees that were not shown for so long (12h, 30d, 8w), with what was written over them, and projects that have gone;"
                            + " velo gc then takes what nothing else needs.")
    private @Nullable String forget;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** A tree beside one of the projects that have it. */
    private record Line(
            String project,
            String name,
            KnownTrees.Known known,
            @Nullable TreeUsage usage,
            Instant used) {}

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            KnownTrees known = new KnownTrees(opened);
            if (forget != null) {
                forget(opened, known, forget);
                return 0;
            }
            List<Line> lines = lines(opened, known);
            if (json) {
                Json.print(Map.of(
                        "store",
                        StoreOptions.shown(opened.path()),
                        "trees",
                        lines.stream().map(TreesCommand::fields).toList()));
            } else {
                print(lines);
            }
        }
        return 0;
    }

    private static void forget(Store opened, KnownTrees known, String age) throws IOException {
        Duration limit = Durations.of(age)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--forget takes an age such as 12h, 30d or 8w, not " + Terminal.decoded(age)));
        opened.requireWritable();
        Instant eldest = Instant.now().minus(limit);
        Roots roots = new Roots(opened);
        int forgotten = 0;
        for (KnownTrees.Known tree : known.all()) {
            if (used(roots, tree).isBefore(eldest)) {
                known.forget(tree);
                deleteUppers(known, tree);
                forgotten++;
            }
        }
        for (KnownTrees.Uses uses : known.projects()) {
            if (!Existence.of(FileCalls.AT_FDCWD, uses.folder(), 0)) {
                known.forget(uses.folder());
            }
        }
        Terminal.out().println(forgotten + " trees are forgotten; velo gc frees what nothing else needs");
    }

    /** What was written over a tree that is forgotten is of no use to anybody. */
    private static void deleteUppers(KnownTrees known, KnownTrees.Known forgotten) throws IOException {
        for (KnownTrees.Uses uses : known.projects()) {
            try {
                ReadyTree.deleteUppers(uses.folder(), forgotten);
            } catch (IOException e) {
                Terminal.err().println("velo: what was written over a forgotten tree stays: " + e.getMessage());
            }
        }
    }

    private static Instant used(Roots roots, KnownTrees.Known tree) throws IOException {
        Instant shown = roots.lastUse(tree.root());
        Instant registered = roots.registered(tree.root());
        return shown != null ? shown : registered != null ? registered : Instant.now();
    }

    private static List<Line> lines(Store opened, KnownTrees known) throws IOException {
        Roots roots = new Roots(opened);
        Map<Digest, TreeUsage> usage = usage(opened, roots);
        Map<Digest, KnownTrees.Known> byKey = new LinkedHashMap<>();
        for (KnownTrees.Known tree : known.all()) {
            byKey.put(tree.key().digest(), tree);
        }
        List<Line> lines = new ArrayList<>();
        Set<Digest> listed = new HashSet<>();
        for (KnownTrees.Uses uses : known.projects()) {
            for (Map.Entry<String, Digest> each : uses.keys().entrySet()) {
                KnownTrees.Known tree = byKey.get(each.getValue());
                if (tree != null) {
                    listed.add(each.getValue());
                    lines.add(line(StoreOptions.shown(uses.folder()), each.getKey(), tree, usage, roots));
                }
            }
        }
        for (Map.Entry<Digest, KnownTrees.Known> each : byKey.entrySet()) {
            if (!listed.contains(each.getKey())) {
                byte[] place = each.getValue().root().origin();
                String name = StoreOptions.shown(PathBytes.lastName(place));
                lines.add(line(NONE, each.getValue().key().part().orElse(name), each.getValue(), usage, roots));
            }
        }
        return lines;
    }

    private static Line line(
            String project, String name, KnownTrees.Known tree, Map<Digest, TreeUsage> usage, Roots roots)
            throws IOException {
        return new Line(project, name, tree, usage.get(tree.root().tree()), used(roots, tree));
    }

    /** What each registered tree takes of the packs, as it is at one time. */
    @SuppressWarnings("try") // the lock is only held
    private static Map<Digest, TreeUsage> usage(Store opened, Roots roots) throws IOException {
        Map<Digest, TreeUsage> byTree = new HashMap<>();
        try (Descriptor lock = opened.lockShared();
                Packs packs = opened.packs()) {
            Map<Digest, Root> registered = new HashMap<>();
            roots.all().forEach(root -> registered.put(root.tree(), root));
            try (Usage usage = Usage.of(opened, packs, registered.keySet())) {
                for (Root root : registered.values()) {
                    usage.add(root.tree(), roots.manifest(root));
                }
                usage.trees().forEach(tree -> byTree.put(tree.tree(), tree));
            }
        }
        return byTree;
    }

    private static void print(List<Line> lines) {
        if (lines.isEmpty()) {
            Terminal.out().println("no tree is known; velo run and velo install in a project make them known");
            return;
        }
        TextTable table = new TextTable(
                TextTable.right("files"),
                TextTable.right("bytes"),
                TextTable.right("own"),
                TextTable.right("shared"),
                TextTable.right("used"),
                TextTable.left("key"),
                TextTable.left("project"),
                TextTable.left("tree"));
        Instant now = Instant.now();
        for (Line line : lines) {
            TreeUsage usage = line.usage();
            table.add(
                    usage == null ? NONE : Long.toString(usage.files()),
                    usage == null ? NONE : Sizes.of(usage.bytes()),
                    usage == null ? NONE : Sizes.of(usage.ownBytes()),
                    usage == null ? NONE : Sizes.of(usage.sharedBytes()),
                    Ago.of(line.used(), now),
                    line.known().key().shortName(),
                    line.project(),
                    line.name());
        }
        table.print(Terminal.out());
    }

    private static Map<String, Object> fields(Line line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!line.project().equals(NONE)) {
            fields.put("project", line.project());
        }
        fields.put("name", line.name());
        fields.put("key", line.known().key().digest().toString());
        fields.put("tree", line.known().root().tree().toString());
        fields.put("decidedBy", line.known().key().lines());
        TreeUsage usage = line.usage();
        if (usage != null) {
            fields.put("files", usage.files());
            fields.put("bytes", usage.bytes());
            fields.put("ownBytes", usage.ownBytes());
            fields.put("sharedBytes", usage.sharedBytes());
        }
        fields.put("used", line.used().toString());
        return fields;
    }
}

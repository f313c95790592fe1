package dev.velo.launcher;

import dev.velo.core.store.Root;
import dev.velo.core.store.RootState;
import dev.velo.core.store.Roots;
import dev.velo.core.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code velo root list}: the registered manifests. */
@Command(
        name = "list",
        sortOptions = false,
        description = {
            "Lists the registered manifests, by path.",
            "ok: the file is there. stale: it is gone. changed: it is another manifest now. unseen: you may not look at it.",
            "Status 1: a registration is damaged."
        })
final class RootListCommand implements Callable<Integer> {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Store opened = store.openExisting()) {
            DamagedRoots damaged = new DamagedRoots();
            List<Root> roots = damaged.othersOf(new Roots(opened));
            if (json) {
                List<Map<String, Object>> all = new ArrayList<>();
                for (Root root : roots) {
                    all.add(fields(root));
                }
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("roots", all);
                fields.put("damaged", damaged.sentences());
                Json.print(fields);
            } else if (!roots.isEmpty()) {
                print(roots);
            }
            return damaged.tell(json ? DamagedRoots.Told.ALREADY : DamagedRoots.Told.NOT_YET);
        }
    }

    private static void print(List<Root> roots) throws IOException {
        TextTable table = new TextTable(
                TextTable.left("state"),
                TextTable.left("trust"),
                TextTable.left("tree"),
                TextTable.left("manifest"),
                TextTable.left("origin"));
        for (Root root : roots) {
            table.add(
                    RootState.of(root).text(),
                    Terminal.lower(root.trust()),
                    root.tree().toString(),
                    StoreOptions.shown(root.manifestPath()),
                    root.origin().length == 0 ? "-" : StoreOptions.shown(root.origin()));
        }
        table.print(Terminal.out());
    }

    private static Map<String, Object> fields(Root root) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("manifest", StoreOptions.shown(root.manifestPath()));
        fields.put("tree", root.tree().toString());
        fields.put("origin", StoreOptions.shown(root.origin()));
        fields.put("trust", Terminal.lower(root.trust()));
        fields.put("state", RootState.of(root).text());
        return fields;
    }
}

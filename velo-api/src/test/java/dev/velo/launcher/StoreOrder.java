package dev.velo.launcher;

import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.verify.Depth;
import dev.velo.core.verify.Verification;
import dev.velo.core.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What has to hold of a store whatever happened to those who worked on it. */
final class StoreOrder {
    private static final String LOOSE = "[0-9a-f]{2}(/[0-9a-f]{62}-[0-7]{4}-[-0-9a-f.ocaA-F]+)?";
    private static final String TEMPORARY = "\\.tmp-[0-9]+-[0-9]+-[0-9]+";

    /** The names that docs/format/store.md lists, by room. */
    private static final Map<String, Pattern> NAMES = Map.of(
            "packs", Pattern.compile("[0-9a-f]{64}\\.pack"),
            "roots", Pattern.compile("[0-9a-f]{32}\\.root|[0-9a-f]{64}\\.(velo|profile)|profiles\\.lock"),
            "stats", Pattern.compile("[0-9a-f]{32}|collected|verify|boot(\\.lock)?"),
            "objects", Pattern.compile(LOOSE),
            "handed", Pattern.compile(LOOSE),
            "images", Pattern.compile("[0-9a-f]{64}-[0-9]+-[0-9]+(-owners)?(-trusted)?(\\.lock)?"),
            "farms", Pattern.compile("[0-9a-f]{64}(-owners)?(-trusted)?(\\.lock|/(tree|scratch).*)?"));

    /** A farm that somebody was killed while making keeps this name, and is taken by the next maker. */
    private static final Pattern UNFINISHED = Pattern.compile("farms/[^/]+\\.new(/.*)?");

    private StoreOrder() {}

    /**
     * What is not as it should be, a sentence each: blobs, loose files, images, the trees of roots, and names that nobody would ever
     * take away. A store that is not there is in order.
     */
    static List<String> problems(Path store) throws IOException {
        if (!Files.exists(store.resolve("FORMAT"))) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        try (Store opened = Store.openExisting(PathBytes.of(store))) {
            VerifyOptions options = VerifyOptions.of(Depth.CONTENTS).withMaxAge(Duration.ZERO);
            problems.addAll(Verification.ofStore(opened, options).problems());
        }
        problems.addAll(strangers(store));
        problems.addAll(unannounced(store));
        return problems;
    }

    /** Copies of manifests that an older Velo, which reads this store, would take for damaged. */
    private static List<String> unannounced(Path store) throws IOException {
        List<String> found = new ArrayList<>();
        if (Files.readString(store.resolve("FORMAT")).startsWith("velo-store 1 ")) {
            try (Stream<Path> copies = Files.list(store.resolve("roots"))) {
                for (Path copy :
                        copies.filter(file -> file.toString().endsWith(".velo")).toList()) {
                    if (!Store.isManifest(PathBytes.of(copy))) {
                        found.add("compact in a store of version 1: " + copy);
                    }
                }
            }
        }
        return found;
    }

    /** Names that nobody would ever take away. */
    static List<String> strangers(Path store) throws IOException {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Pattern> room : NAMES.entrySet()) {
            Path folder = store.resolve(room.getKey());
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(path -> !path.equals(folder))
                        .map(path -> folder.relativize(path).toString())
                        .filter(name -> !room.getValue().matcher(name).matches() && !isTemporary(name))
                        .forEach(name -> found.add("left behind: " + room.getKey() + "/" + name));
            }
        }
        return found;
    }

    private static boolean isTemporary(String name) {
        return name.matches("([0-9a-f]{2}/)?" + TEMPORARY);
    }

    /** The same, with farms that were not finished allowed: nobody could take them away. */
    static List<String> problemsAfterKill(Path store) throws IOException {
        return new ArrayList<>(problems(store).stream()
                .filter(problem -> !UNFINISHED
                        .matcher(problem.replace("left behind: ", ""))
                        .matches())
                .toList());
    }
}

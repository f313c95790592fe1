package dev.velo.project;

import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said to a tool by its environment, because it would find it out wrongly where it makes a tree. */
final class Presets {
    private Presets() {}

    /** {@code NAME=value} entries for the tool of this tree; nothing that the user, or the project, says otherwise. */
    static List<byte[]> of(ProjectTree tree, UserFacts user) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        Ecosystem ecosystem = tree.declaration().ecosystem();
        for (Ecosystem.Preset preset : ecosystem.presets()) {
            boolean isSaid = preset.variables().stream().anyMatch(name -> user.variable(name).length > 0)
                    || isSetting(preset, tree, user);
            if (!isSaid) {
                byte[] folder = user.place(chosen(preset, user), ecosystem.home());
                preset.variables().forEach(name -> entries.add(PathBytes.concat(PathBytes.of(name + "="), folder)));
            }
        }
        return entries;
    }

    private static Ecosystem.Place.OfUser chosen(Ecosystem.Preset preset, UserFacts user) {
        return preset.folders().stream()
                .filter(folder -> user.variable(folder.variable()).length > 0)
                .findFirst()
                .orElse(preset.folders().getLast());
    }

    private static boolean isSetting(Ecosystem.Preset preset, ProjectTree tree, UserFacts user) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String file : tree.declaration().ecosystem().userFiles()) {
            files.add(PathBytes.join(user.home(tree.declaration().ecosystem().home()), PathBytes.of(file)));
        }
        for (String file : preset.files()) {
            files.add(tree.input(file));
        }
        for (byte[] file : files) {
            byte[] contents = SmallFiles.read(file);
            String text = contents == null ? "" : new String(contents, StandardCharsets.ISO_8859_1);
            if (text.toLowerCase(Locale.ROOT).replace("-", "").contains(preset.setting())) {
                return true;
            }
        }
        return false;
    }
}

package dev.velo.launcher;

import dev.velo.core.present.Presenter;
import dev.velo.core.store.Root;
import dev.velo.ffm.Plan;
import dev.velo.project.ProjectSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run tells of itself before the command begins, all of it on the error stream: the other one is the command's. */
final class RunTelling {
    /** How much, and in which form. */
    enum Manner {
        /** Warnings. */
        USUAL,
        /** How each tree is shown, and every system call of the launch, too. */
        ALL,
        /** What the command sees, and how, as one line of JSON. */
        JSON
    }

    private final Manner manner;
    private final List<Object> trees = new ArrayList<>();
    private final List<Object> warnings = new ArrayList<>();

    RunTelling(Manner manner) {
        this.manner = manner;
    }

    /** A tree that the command will see. */
    void tree(Presenter.Shown shown, Map<String, Object> facts) {
        if (manner == Manner.JSON) {
            add(shown, facts);
            return;
        }
        shown.tree().warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        if (manner == Manner.ALL) {
            shown.passedOver()
                    .forEach(passed -> Terminal.err()
                            .println("velo: not by " + Terminal.lower(passed.presentation()) + ": " + passed.reason()));
            Terminal.err().println("velo: by " + Terminal.lower(shown.by()));
        }
    }

    /** A tree of a project that the command will see. */
    void tree(ProjectSession.Seen seen) {
        String name = seen.tree().tree().name();
        String place = StoreOptions.shown(seen.tree().tree().place());
        if (manner == Manner.ALL) {
            Terminal.err()
                    .println("velo: " + name + " " + seen.tree().key().shortName() + " at " + place
                            + (seen.shown() == null ? ", installed there" : ""));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("key", seen.tree().key().digest().toString());
        facts.put("place", place);
        if (seen.shown() != null) {
            tree(seen.shown(), facts);
        } else if (manner == Manner.JSON) {
            facts.put("by", "install");
            trees.add(facts);
        }
    }

    /** What falls short of what was asked for. */
    void warning(String text) {
        if (manner == Manner.JSON) {
            warnings.add(text);
        } else {
            Terminal.err().println("velo: " + text);
        }
    }

    /** A copy of the tree, in which the command will work. */
    void copy(Root root, byte[] copy) {
        String place = StoreOptions.shown(copy);
        if (manner != Manner.JSON) {
            Terminal.err().println("velo: the command runs in a copy of the tree, " + place);
            return;
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tree", root.tree().toString());
        facts.put("place", place);
        facts.put("by", "copy");
        trees.add(facts);
    }

    private void add(Presenter.Shown shown, Map<String, Object> facts) {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("by", Terminal.lower(shown.by()));
        List<Object> passedOver = new ArrayList<>();
        for (Presenter.PassedOver passed : shown.passedOver()) {
            Map<String, Object> why = new LinkedHashMap<>();
            why.put("by", Terminal.lower(passed.presentation()));
            why.put("reason", passed.reason());
            passedOver.add(why);
        }
        all.put("passed over", passedOver);
        warnings.addAll(shown.tree().warnings());
        trees.add(all);
    }

    /** The command is about to begin by this plan. */
    void begins(Plan plan) throws IOException {
        switch (manner) {
            case USUAL -> {}
            case ALL -> Terminal.err().print(plan.describe());
            case JSON -> {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("trees", trees);
                all.put("warnings", warnings);
                Terminal.err().println(Json.text(all));
            }
        }
        Terminal.out().flush();
        Terminal.err().flush();
    }
}

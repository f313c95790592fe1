package dev.velo.launcher;

import dev.velo.core.store.Root;
import dev.velo.core.store.Roots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The registrations that cannot be read: a command that lists all of them names these, goes on, and ends with status 1. */
final class DamagedRoots {
    private final List<String> sentences = new ArrayList<>();

    /** Whether the user knows of the damage from what was printed. */
    enum Told {
        ALREADY,
        NOT_YET
    }

    /** All roots that can be read, by path of their manifests; the others are noted. */
    List<Root> othersOf(Roots roots) throws IOException {
        List<Root> all = new ArrayList<>(roots.readable(damage -> sentences.add(
                damage.getMessage() + "; velo verify --repair puts it aside, velo ingest registers the tree again")));
        all.sort((a, b) -> Arrays.compareUnsigned(a.manifestPath(), b.manifestPath()));
        sentences.sort(null);
        return all;
    }

    /** What is wrong, and what to do about it, for each of them. */
    List<String> sentences() {
        return sentences;
    }

    /** Names them where that has not been done, and returns the status of the command. */
    int tell(Told told) {
        if (told == Told.NOT_YET) {
            sentences.forEach(sentence -> Terminal.err().println("velo: " + sentence));
        }
        return sentences.isEmpty() ? 0 : 1;
    }
}

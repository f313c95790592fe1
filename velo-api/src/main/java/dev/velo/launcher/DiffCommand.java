package dev.velo.launcher;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Root;
import dev.velo.core.store.Store;
import dev.velo.core.tree.PathBytes;
import dev.velo.core.view.TreeDifference;
import dev.velo.core.view.TreeDifference.Aspect;
import dev.velo.ffm.FileCalls;
import dev.velo.ffm.Statx;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo diff}: what makes one tree another. */
@Command(
        name = "diff",
        sortOptions = false,
        description = {
            "Tells what is different between two trees, a line for each path: A added, D deleted, T of another type, M of other"
                    + " content, m of other metadata; then what it is: c content, p permissions, t time, o owner, x extended"
                    + " attributes, l hard links.",
            "The status is 0 if nothing is different, 1 if something is, 125 if that cannot be told."
        })
final class DiffCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int BUFFER_BYTES = 1 << 16;

    /** Aspects and their letters, in order. */
    private static final Map<Aspect, Character> LETTERS = letters();

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "OLD", description = "The manifest, or a directory, which is ingested first.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "The other one.")
    private String after = "";

    @Option(
            names = "--ignore",
            split = ",",
            paramLabel = "ASPECT",
            description = "What does not count: mode, mtime, owner, attributes, link or content; several with commas.")
    private Set<Aspect> ignored = EnumSet.noneOf(Aspect.class);

    @Option(
            names = {"-0", "--null"},
            description = "Ends each line with NUL instead of a newline.")
    private boolean endsInNull;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints nothing; the status tells.")
    private boolean quiet;

    @Option(
            names = "--json",
            description = "Prints a line of JSON for each path, with what velo stat says of it before and after.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Manifest old = manifest(before);
        Manifest young = manifest(after);
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES)) {
            Told told = new Told(old, young, out);
            TreeDifference.between(old, young, told);
            return told.different ? DIFFERENT : 0;
        }
    }

    private Manifest manifest(String argument) throws IOException {
        byte[] path = ProcessFacts.path(argument);
        Statx stat = new Statx();
        FileCalls.statx(FileCalls.AT_FDCWD, path, 0, stat);
        if (stat.type() != Statx.S_IFDIR) {
            return Store.readManifest(path);
        }
        try (Store opened = store.open()) {
            return TreeArgument.manifestOf(opened, TreeArgument.rootOf(opened, path, Root.Trust.UNTRUSTED));
        }
    }

    private static Map<Aspect, Character> letters() {
        Map<Aspect, Character> letters = new LinkedHashMap<>();
        letters.put(Aspect.CONTENT, 'c');
        letters.put(Aspect.MODE, 'p');
        letters.put(Aspect.MTIME, 't');
        letters.put(Aspect.OWNER, 'o');
        letters.put(Aspect.ATTRIBUTES, 'x');
        letters.put(Aspect.LINK, 'l');
        return letters;
    }

    /** Prints the differences. */
    private final class Told implements TreeDifference.Listener {
        private final Manifest old;
        private final Manifest young;
        private final OutputStream out;
        private boolean different;

        Told(Manifest old, Manifest young, OutputStream out) {
            this.old = old;
            this.young = young;
            this.out = out;
        }

        @Override
        public void added(byte[] path, int entry) throws IOException {
            tell("added", 'A', path, -1, entry, Set.of());
        }

        @Override
        public void deleted(byte[] path, int entry) throws IOException {
            tell("deleted", 'D', path, entry, -1, Set.of());
        }

        @Override
        public void changed(byte[] path, int oldEntry, int newEntry, Set<Aspect> aspects) throws IOException {
            Set<Aspect> counted = EnumSet.copyOf(aspects);
            counted.removeAll(ignored);
            if (!counted.isEmpty()) {
                char letter = counted.contains(Aspect.TYPE) ? 'T' : counted.contains(Aspect.CONTENT) ? 'M' : 'm';
                tell("changed", letter, path, oldEntry, newEntry, counted);
            }
        }

        private void tell(String change, char letter, byte[] path, int oldEntry, int newEntry, Set<Aspect> aspects)
                throws IOException {
            different = true;
            if (json) {
                tellJson(change, path, oldEntry, newEntry, aspects);
            } else if (!quiet) {
                boolean directory = newEntry >= 0
                        ? young.kind(newEntry) == EntryKind.DIRECTORY
                        : old.kind(oldEntry) == EntryKind.DIRECTORY;
                out.write(PathBytes.of(letter + " " + letters(aspects) + " "));
                out.write(path.length == 0 ? PathBytes.of(".") : path);
                if (directory) {
                    out.write('/');
                }
                out.write(endsInNull ? 0 : '\n');
            }
        }

        private static String letters(Set<Aspect> aspects) {
            StringBuilder letters = new StringBuilder();
            LETTERS.forEach((aspect, letter) -> letters.append(aspects.contains(aspect) ? letter : '.'));
            return letters.toString();
        }

        private void tellJson(String change, byte[] path, int oldEntry, int newEntry, Set<Aspect> aspects)
                throws IOException {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", path.length == 0 ? "." : PathBytes.show(path));
            fields.put("change", change);
            if (!aspects.isEmpty()) {
                fields.put(
                        "aspects",
                        List.copyOf(aspects.stream().map(Terminal::lower).toList()));
            }
            if (oldEntry >= 0) {
                fields.put("before", StatCommand.fields(new TreeEntry(old, oldEntry)));
            }
            if (newEntry >= 0) {
                fields.put("after", StatCommand.fields(new TreeEntry(young, newEntry)));
            }
            Json.print(fields);
        }
    }
}

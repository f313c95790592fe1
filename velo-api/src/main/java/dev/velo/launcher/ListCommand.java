package dev.velo.launcher;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.Manifest;
import dev.velo.core.tree.PathBytes;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code velo ls}: names in a tree, as the bytes they are. */
@Command(name = "ls", sortOptions = false, description = "Lists a directory of a tree.")
final class ListCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // every command takes --store
    private final StoreOptions store = new StoreOptions();

    @Parameters(index = "0", paramLabel = "MANIFEST", description = "The manifest.")
    private String manifest = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "A path in the tree; its root by default.")
    private String path = "";

    @Option(names = "-l", description = "With mode, size and modification time.")
    private boolean details;

    @Option(
            names = {"-R", "--recursive"},
            description = "With everything below, as paths.")
    private boolean recursive;

    @Option(
            names = {"-0", "--null"},
            description = "Ends each name with NUL instead of a newline.")
    private boolean endsInNull;

    @Override
    public Integer call() throws IOException {
        TreeEntry found = TreeEntry.find(manifest, path);
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16)) {
            if (found.manifest().kind(found.number()) == EntryKind.DIRECTORY) {
                list(out, found, found.number(), new byte[0]);
            } else {
                print(out, found, found.number(), found.manifest().name(found.number()));
            }
        }
        return 0;
    }

    private void list(OutputStream out, TreeEntry tree, int directory, byte[] prefix) throws IOException {
        Manifest entries = tree.manifest();
        int first = entries.firstChild(directory);
        for (int child = first; child < first + entries.childCount(directory); child++) {
            byte[] name = PathBytes.concat(prefix, entries.name(child));
            print(out, tree, child, name);
            if (recursive && entries.kind(child) == EntryKind.DIRECTORY) {
                list(out, tree, child, PathBytes.concat(name, new byte[] {'/'}));
            }
        }
    }

    private void print(OutputStream out, TreeEntry tree, int entry, byte[] name) throws IOException {
        if (details) {
            int inode = tree.inode(entry);
            String time = Instant.ofEpochSecond(
                            tree.manifest().mtimeSeconds(inode), tree.manifest().mtimeNanos(inode))
                    .toString();
            String line = String.format(Locale.ROOT, "%s %12d %-30s ", tree.mode(entry), tree.size(entry), time);
            out.write(line.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(name);
        if (details && tree.manifest().kind(entry) == EntryKind.SYMLINK) {
            out.write(" -> ".getBytes(StandardCharsets.US_ASCII));
            out.write(tree.manifest().target(entry));
        }
        out.write(endsInNull ? 0 : '\n');
    }
}

package dev.velo.launcher;

import dev.velo.core.ingest.IngestListener;
import dev.velo.core.ingest.IngestOptions;
import dev.velo.core.ingest.IngestReport;
import dev.velo.core.ingest.MtimePolicy;
import dev.velo.core.store.Store;
import dev.velo.core.store.SyncPolicy;
import dev.velo.core.store.Trash;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that take a tree into the store have in common: the manifest that they write, and what they say of it. */
final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The manifest to write; by default the tree's name with .velo, here.")
    private @Nullable String output;

    @Option(
            names = "--sync",
            paramLabel = "full|metadata|none",
            description =
                    "full (default): the tree survives a power cut. metadata: the store does, verify --contents names lost ones."
                            + " none: safe against killed processes only.")
    private SyncPolicy sync = SyncPolicy.FULL;

    @Option(
            names = "--no-root",
            description = "Writes the manifest without registering it; a collection may take its blobs.")
    private boolean unregistered;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints errors and warnings only.")
    private boolean quiet;

    @Option(names = "--json", description = "Prints the summary as JSON.")
    private boolean json;

    /** What takes the tree in. */
    @FunctionalInterface
    interface Storing {
        IngestReport run(IngestListener progress) throws IOException;
    }

    /** What is chosen here; a set that the caller may add to. */
    Set<IngestOptions.Choice> choices() {
        Set<IngestOptions.Choice> choices = EnumSet.noneOf(IngestOptions.Choice.class);
        if (unregistered) {
            choices.add(IngestOptions.Choice.NO_ROOT);
        }
        return choices;
    }

    SyncPolicy sync() {
        return sync;
    }

    /** Whether the manifest is to get its name from the tree. */
    boolean isUnnamed() {
        return output == null;
    }

    /** The path of the manifest to write, for a tree of this name. */
    byte[] manifest(byte[] treeName) throws IOException {
        return ProcessFacts.path(output == null ? new String(treeName, StandardCharsets.ISO_8859_1) + ".velo" : output);
    }

    /** Takes a tree in and tells of it. */
    void store(Store opened, byte[] manifest, Storing storing) throws IOException {
        IngestReport report;
        try (Progress progress = Progress.start(quiet || json)) {
            report = storing.run(progress);
        }
        emptyTrash(opened);
        report.warnings().forEach(warning -> Terminal.err().println("velo: " + warning));
        if (json) {
            Map<String, Object> fields = IngestSummary.fields(report, manifest);
            fields.put("registered", !unregistered);
            Json.print(fields);
        } else if (!quiet) {
            String end = unregistered ? "; not registered, so that a collection may take its blobs" : "";
            Terminal.out().println(IngestSummary.sentence(report, manifest) + end);
        }
    }

    /** Deletes what others left to be deleted; the tree is stored, so a failure of this is only told. */
    private static void emptyTrash(Store opened) {
        try {
            Trash.empty(opened);
        } catch (ErrnoException e) {
            Terminal.err().println("velo: the store's trash cannot be emptied: " + Failure.sentence(e));
        }
    }

    /** What the value of {@code --mtime} asks for. */
    static MtimePolicy mtime(String value) {
        if (value.equals("exact")) {
            return new MtimePolicy.Exact();
        }
        if (value.matches("@-?[0-9]{1,18}")) {
            return new MtimePolicy.Fixed(Instant.ofEpochSecond(Long.parseLong(value.substring(1))));
        }
        try {
            return new MtimePolicy.Fixed(Instant.parse(value));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--mtime is exact, a time as 2024-01-01T00:00:00Z, or @ and seconds since 1970; not " + value, e);
        }
    }
}

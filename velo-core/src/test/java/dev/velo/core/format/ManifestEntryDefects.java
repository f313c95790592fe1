package dev.velo.core.format;

import static dev.velo.core.format.ManifestFixture.A;
import static dev.velo.core.format.ManifestFixture.B;
import static dev.velo.core.format.ManifestFixture.C;
import static dev.velo.core.format.ManifestFixture.D;
import static dev.velo.core.format.ManifestFixture.E;
import static dev.velo.core.format.ManifestFixture.F;
import static dev.velo.core.format.ManifestFixture.G;
import static dev.velo.core.format.ManifestFixture.H;
import static dev.velo.core.format.ManifestFixture.I;
import static dev.velo.core.format.ManifestFixture.J;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What can be wrong with one entry of a manifest. */
final class ManifestEntryDefects {
    private final List<Defect> defects = new ArrayList<>();

    private ManifestEntryDefects() {}

    static List<Defect> all() {
        ManifestEntryDefects all = new ManifestEntryDefects();
        all.addNames();
        all.addCommon();
        all.addFiles();
        all.addDirectories();
        all.addSymlinks();
        all.addHardLinks();
        all.addSpecial();
        return all.defects;
    }

    private void defect(String name, Reason reason, String detail, UnaryOperator<ManifestParts> change) {
        byte[] bytes =
                change.apply(new ManifestParts(ManifestFixture.everything())).toBytes();
        defects.add(new Defect(name, reason, detail, bytes));
    }

    private void field(String name, Reason reason, String detail, int entry, String field, long value) {
        defect(name, reason, detail, parts -> parts.entry(entry, field, value));
    }

    private void addNames() {
        field("kind-zero", Reason.BAD_KIND, "kind 0", F, "kind", 0);
        field("kind-unknown", Reason.BAD_KIND, "kind 8", F, "kind", 8);
        field("name-offset", Reason.BAD_ORDER, "name_offset", B, "name_offset", 1);
        defect("name-of-root", Reason.BAD_NAME, "a root with a name", parts -> parts.name(0, "r"));
        defect("name-empty", Reason.BAD_NAME, "an empty name", parts -> parts.name(I, ""));
        field("name-past-end", Reason.OUT_OF_BOUNDS, "the name passes", J, "name_length", 2);
        defect("name-nul", Reason.BAD_NAME, "a NUL or slash", parts -> parts.name(I, "\0"));
        defect("name-slash", Reason.BAD_NAME, "a NUL or slash", parts -> parts.name(I, "/"));
        defect("name-slash-inside", Reason.BAD_NAME, "a NUL or slash", parts -> parts.name(I, "../x"));
        defect("name-not-ended", Reason.BAD_NAME, "does not end in NUL", parts -> parts.stringByte(-1, 'x'));
        defect("name-dot", Reason.BAD_NAME, ". or ..", parts -> parts.name(I, "."));
        defect("name-dot-dot", Reason.BAD_NAME, ". or ..", parts -> parts.name(I, ".."));
        defect("names-unordered", Reason.BAD_ORDER, "names of one directory", parts -> parts.name(I, "k"));
        defect("names-equal", Reason.BAD_ORDER, "names of one directory", parts -> parts.name(I, "j"));
        defect("names-in-signed-order", Reason.BAD_ORDER, "names of one directory", parts -> parts.name(I, "\u00ff"));
    }

    private void addCommon() {
        field("permissions", Reason.INCONSISTENT, "permissions", A, "permissions", 010644);
        field("nanos-negative", Reason.INCONSISTENT, "mtime_nanos", A, "mtime_nanos", -1);
        field("nanos-too-large", Reason.INCONSISTENT, "mtime_nanos", A, "mtime_nanos", 1_000_000_000);
        field("owner-negative", Reason.BAD_ORDER, "owner", A, "owner", -1);
        field("owner-not-by-first-use", Reason.BAD_ORDER, "owner", A, "owner", 2 + 1);
        field("owner-not-in-table", Reason.BAD_ORDER, "owner", J, "owner", 3);
        field("attributes-negative", Reason.BAD_ORDER, "attributes", J, "attributes", -1);
        field("attributes-not-by-first-use", Reason.BAD_ORDER, "attributes", A, "attributes", 17);
    }

    private void addFiles() {
        field("file-empty-with-size", Reason.INCONSISTENT, "an empty file with a size", H, "size", 1);
        field("file-blob-negative", Reason.BAD_ORDER, "blob number", A, "ref", -2);
        field("file-blob-not-by-first-use", Reason.BAD_ORDER, "blob number", A, "ref", 1);
        field("file-blob-not-in-table", Reason.BAD_ORDER, "blob number", J, "ref", 2);
        field("file-size-zero", Reason.BAD_LENGTH, "size of a file", J, "size", 0);
        field("file-size-negative", Reason.BAD_LENGTH, "size of a file", J, "size", -1);
        field("file-size-of-other", Reason.INCONSISTENT, "one blob with two sizes", J, "size", 7);
    }

    private void addDirectories() {
        field("directory-size-negative", Reason.OUT_OF_BOUNDS, "children", C, "size", -1);
        field("directory-size-too-large", Reason.OUT_OF_BOUNDS, "children", C, "size", 3);
        field("directory-size-huge", Reason.OUT_OF_BOUNDS, "children", C, "size", 1L << 32 | 2);
        field("directory-too-small", Reason.INCONSISTENT, "entries that no directory holds", C, "size", 1);
        field("directory-ref-before", Reason.BAD_ORDER, "first child", C, "ref", 1);
        field("directory-ref-behind", Reason.BAD_ORDER, "first child", C, "ref", 10);
        defects.add(new Defect("directory-in-nothing", Reason.BAD_ORDER, "first child", orphanDirectory()));
        defects.add(new Defect("root-is-a-fifo", Reason.INCONSISTENT, "the root is not a directory", rootFifo()));
    }

    /** A directory that would have to hold itself. */
    private static byte[] orphanDirectory() {
        byte[] whole = ManifestFixture.root(EntryKind.DIRECTORY, 1, EntryKind.DIRECTORY);
        return new ManifestParts(whole)
                .entry(0, "size", 0)
                .entry(1, "ref", 1)
                .entry(1, "size", 1)
                .toBytes();
    }

    private static byte[] rootFifo() {
        return new ManifestParts(ManifestFixture.smallest())
                .entry(0, "kind", EntryKind.FIFO.code())
                .entry(0, "ref", 0)
                .toBytes();
    }

    private void addSymlinks() {
        field("symlink-ref", Reason.BAD_ORDER, "target", D, "ref", 10);
        field("symlink-empty", Reason.BAD_LENGTH, "target", D, "size", 0);
        defect("symlink-too-long", Reason.BAD_LENGTH, "target", parts -> parts.target(D, "t".repeat(4096)));
        field("symlink-past-end", Reason.OUT_OF_BOUNDS, "the target passes", D, "size", 15);
        defect("symlink-nul", Reason.BAD_NAME, "a NUL in a target", parts -> parts.target(D, "t\0"));
        field("symlink-not-ended", Reason.BAD_NAME, "the target does not end in NUL", D, "size", 1);
    }

    private void addHardLinks() {
        String bare = "a hard link with metadata of its own";
        field("link-to-itself", Reason.OUT_OF_BOUNDS, "an entry behind it", G, "ref", G);
        field("link-forward", Reason.OUT_OF_BOUNDS, "an entry behind it", G, "ref", H);
        field("link-negative", Reason.OUT_OF_BOUNDS, "an entry behind it", G, "ref", -1);
        field("link-to-directory", Reason.INCONSISTENT, "a hard link to a directory", G, "ref", C);
        defect(
                "link-to-link",
                Reason.INCONSISTENT,
                "or to a hard link",
                parts -> parts.entry(H, "kind", EntryKind.HARD_LINK.code())
                        .entry(H, "permissions", 0)
                        .entry(H, "mtime_seconds", 0)
                        .entry(H, "ref", G));
        field("link-with-size", Reason.INCONSISTENT, bare, G, "size", 5);
        field("link-with-permissions", Reason.INCONSISTENT, bare, G, "permissions", 0644);
        field("link-with-seconds", Reason.INCONSISTENT, bare, G, "mtime_seconds", 1);
        field("link-with-nanos", Reason.INCONSISTENT, bare, G, "mtime_nanos", 1);
        field("link-with-owner", Reason.INCONSISTENT, bare, G, "owner", 1);
        field("link-with-attributes", Reason.INCONSISTENT, bare, G, "attributes", 1);
    }

    private void addSpecial() {
        field("device-with-ref", Reason.INCONSISTENT, "ref of a device", E, "ref", 1);
        field("device-major-too-large", Reason.INCONSISTENT, "device number", E, "size", 4096L << 32 | 3);
        field("device-minor-too-large", Reason.INCONSISTENT, "device number", E, "size", 1L << 32 | 1 << 20);
        field("fifo-with-ref", Reason.INCONSISTENT, "ref or size of a fifo", F, "ref", 1);
        field("fifo-with-size", Reason.INCONSISTENT, "ref or size of a fifo", F, "size", 1);
    }
}

package dev.velo.core.view;

import dev.velo.core.format.FormatException;
import dev.velo.core.format.ImageFormat;
import dev.velo.core.format.Reason;
import dev.velo.core.view.ImageDefect.Found;
import dev.velo.core.view.ImageDefects.Change;
import java.util.ArrayList;
import java.util.List;

/** What can be wrong between the ends of an image, where opening does not look: directories, inodes, chunks, the table of paths. */
final class ImageTreeDefects {
    private static final int DIRECTORY_TYPE = 2;

    private final byte[] sound;
    private final ImageMap map;
    private final int root;
    private final int erofsBytes;
    private final List<ImageDefect> defects = new ArrayList<>();

    private ImageTreeDefects(byte[] sound, Image opened) throws FormatException {
        this.sound = sound;
        this.map = new ImageMap(opened);
        this.root = map.inode("");
        this.erofsBytes = Math.toIntExact(opened.erofsBytes());
    }

    static List<ImageDefect> all(byte[] sound, Image opened) throws FormatException {
        ImageTreeDefects all = new ImageTreeDefects(sound, opened);
        all.addNames();
        all.addEntries();
        all.addDirectories();
        all.addInodes();
        all.addFiles();
        all.addLinks();
        all.addTable();
        return all.defects;
    }

    private void defect(String name, Reason reason, long offset, Change change) throws FormatException {
        HostileImage image = new HostileImage(sound);
        change.to(image);
        defects.add(new ImageDefect(name, Found.VERIFIED, reason, offset, image.sealed()));
    }

    private void defect(String name, Reason reason, long offset, int at, int width, long value) throws FormatException {
        defect(name, reason, offset, image -> image.set(at, width, value));
    }

    /** One bit of what no other check looks at, and a checksum that does not know of it. */
    private void unsealed(String name, int at) {
        HostileImage image = new HostileImage(sound);
        byte[] bytes = image.set(at, 1, image.get(at, 1) ^ 1).bytes().array();
        int checksum = image.trailer("content_crc32c");
        defects.add(new ImageDefect(name, Found.VERIFIED, Reason.CHECKSUM, checksum, bytes));
    }

    private void addNames() throws FormatException {
        int again = map.entry("directory", "again");
        int up = map.entry("directory", "up");
        defect("name-slash", Reason.BAD_NAME, again, map.name("directory", "again") + 1, 1, '/');
        defect("name-nul", Reason.BAD_NAME, again, map.name("directory", "again") + 1, 1, 0);
        defect("name-empty", Reason.BAD_NAME, up, map.name("directory", "up"), 1, 0);
        // "aa" behind "again"
        defect("names-unordered", Reason.BAD_ORDER, up, map.name("directory", "up"), 2, 'a' << 8 | 'a');
        int last = map.name("many", "file-of-many-11") + "file-of-many-1".length();
        defect("names-equal", Reason.BAD_ORDER, map.entry("many", "file-of-many-11"), last, 1, '0');
    }

    private void addEntries() throws FormatException {
        int again = map.entry("directory", "again");
        int node = map.entry("directory", "again", "nid");
        defect("node-past-end", Reason.OUT_OF_BOUNDS, root + (0x7ffffffeL << 5), node, 8, 0x7fffffff);
        defect("node-negative", Reason.OUT_OF_BOUNDS, again, node, 8, -1);
        defect("node-too-large", Reason.OUT_OF_BOUNDS, again, node, 8, 1L << 32);
        int type = map.entry("directory", "again", "file_type");
        defect("entry-of-another-type", Reason.INCONSISTENT, again, type, 1, DIRECTORY_TYPE);
        int name = map.entry("directory", "again", "nameoff");
        defect("name-past-end", Reason.OUT_OF_BOUNDS, again, name, 2, 0xfff);
        defect("name-in-entries", Reason.OUT_OF_BOUNDS, again, name, 2, 12);
        int first = map.entry("directory", ".", "nameoff");
        int block = map.entry("directory", ".");
        defect("entries-none", Reason.BAD_LENGTH, block, first, 2, 0);
        defect("entries-and-a-half", Reason.BAD_LENGTH, block, first, 2, 54);
        defect("entries-past-end", Reason.BAD_LENGTH, block, first, 2, 0xfff0);
    }

    private void addDirectories() throws FormatException {
        int directory = map.inode("directory");
        int other = map.node("many");
        defect("dot-elsewhere", Reason.INCONSISTENT, directory, map.entry("directory", ".", "nid"), 8, other);
        defect("dot-dot-elsewhere", Reason.INCONSISTENT, directory, map.entry("directory", "..", "nid"), 8, other);
        defect("dot-dot-of-root-elsewhere", Reason.INCONSISTENT, root, map.entry("", "..", "nid"), 8, other);
        defect("dot-dot-missing", Reason.INCONSISTENT, directory, map.name("directory", ".."), 2, '.' | '-' << 8);
        again("directory-in-itself", "directory", "up");
        again("directory-twice", "", "many");
        defect("directory-size", Reason.BAD_LENGTH, directory, map.compact("directory", "i_size"), 4, 11);
        defect("directory-size-of-all", Reason.BAD_LENGTH, directory, map.compact("directory", "i_size"), 4, -1);
        int blocks = map.compact("many", "i_u");
        defect("directory-past-end", Reason.OUT_OF_BOUNDS, map.inode("many"), blocks, 4, erofsBytes / 512);
        defect("directory-links", Reason.INCONSISTENT, directory, map.compact("directory", "i_nlink"), 2, 3);
    }

    /** Lets a name stand for a directory that has one, in the table of paths, too. */
    private void again(String name, String parent, String changed) throws FormatException {
        String path = parent.isEmpty() ? changed : parent + "/" + changed;
        int node = map.node("directory");
        defect(
                name,
                Reason.INCONSISTENT,
                map.entry(parent, changed),
                image -> image.set(map.entry(parent, changed, "nid"), 8, node)
                        .set(map.entry(parent, changed, "file_type"), 1, DIRECTORY_TYPE)
                        .set(map.slot(path, "nid"), 4, node)
                        .set(map.slot(path, "file_type"), 1, DIRECTORY_TYPE));
    }

    private void addInodes() throws FormatException {
        int file = map.inode("file");
        defect("kind-none", Reason.BAD_KIND, map.inode("fifo"), map.compact("fifo", "i_mode"), 2, 0600);
        defect("size-negative", Reason.BAD_LENGTH, file, map.extended("file", "i_size"), 8, -1);
        defect("nanoseconds", Reason.BAD_LENGTH, file, map.extended("file", "i_mtime_nsec"), 4, 1_000_000_000);
        defect("file-links", Reason.INCONSISTENT, file, map.extended("file", "i_nlink"), 4, 3);
        int attributes = map.attributes("second");
        int count = map.compact("second", "i_xattr_icount");
        defect("attributes-past-end", Reason.OUT_OF_BOUNDS, attributes, count, 2, 0xffff);
        defect("attribute-past-end", Reason.OUT_OF_BOUNDS, attributes, attributes + 14, 2, 0xffff);
        defect("attribute-prefix-unknown", Reason.OUT_OF_BOUNDS, attributes, attributes + 13, 1, 9);
        defect("attributes-shared", Reason.OUT_OF_BOUNDS, attributes, attributes + 4, 1, 1);
        int inodes = HostileImage.superblock("inos");
        defect("inode-count", Reason.INCONSISTENT, inodes, inodes, 8, 1);
    }

    private void addFiles() throws FormatException {
        int second = map.inode("second");
        int blob = map.compact("second", "i_ino");
        defect("blob-past-end", Reason.OUT_OF_BOUNDS, second, blob, 4, 4);
        defect("blob-negative", Reason.OUT_OF_BOUNDS, second, blob, 4, -1);
        defect("blob-none", Reason.INCONSISTENT, second, blob, 4, 0);
        int empty = map.inode("empty");
        defect("blob-of-empty-file", Reason.INCONSISTENT, empty, map.compact("empty", "i_ino"), 4, 1);
        defect("blob-of-fifo", Reason.INCONSISTENT, map.inode("fifo"), map.compact("fifo", "i_ino"), 4, 1);
        defect("file-not-in-chunks", Reason.INCONSISTENT, second, map.compact("second", "i_format"), 2, 4);
        defect("chunk-format-unknown", Reason.INCONSISTENT, second, map.compact("second", "i_u"), 4, 0x60);
        int chunk = map.chunk("second");
        defect("chunk-without-device", Reason.OUT_OF_BOUNDS, chunk, chunk + 2, 2, 0);
        defect("chunk-of-missing-device", Reason.OUT_OF_BOUNDS, chunk, chunk + 2, 2, 3);
        defect("chunk-past-end-of-pack", Reason.OUT_OF_BOUNDS, chunk, chunk + 4, 4, 8);
        defect("chunk-far-past-end-of-pack", Reason.OUT_OF_BOUNDS, chunk, chunk + 4, 4, -1);
    }

    private void addLinks() throws FormatException {
        int link = map.inode("link");
        defect("target-too-long", Reason.BAD_LENGTH, map.inode("long"), map.compact("long", "i_size"), 4, 4096);
        defect("target-empty", Reason.INCONSISTENT, link, map.compact("link", "i_size"), 4, 0);
        defect("target-nul", Reason.BAD_NAME, link, map.contents("link"), 1, 0);
        defect("target-in-chunks", Reason.INCONSISTENT, link, map.compact("link", "i_format"), 2, 8);
        int blocks = map.compact("long", "i_u");
        defect("target-past-end", Reason.OUT_OF_BOUNDS, map.inode("long"), blocks, 4, erofsBytes / 512);
    }

    private void addTable() throws FormatException {
        int slot = map.slot("second");
        HostileImage unsealed = new HostileImage(sound);
        unsealed("permissions-changed", map.compact("second", "i_mode"));
        unsealed("digest-changed", erofsBytes);
        defect("path-of-another-node", Reason.INCONSISTENT, slot, map.slot("second", "nid"), 4, map.node("empty"));
        defect("path-of-another-type", Reason.INCONSISTENT, slot, map.slot("second", "file_type"), 1, DIRECTORY_TYPE);
        defect("path-past-end", Reason.OUT_OF_BOUNDS, slot, map.slot("second", "path_offset"), 4, -1);
        defect("path-missing", Reason.INCONSISTENT, map.entry("", "block"), map.slot("block", "path_length"), 2, 0);
        int count = unsealed.trailer("path_count");
        defect("path-count", Reason.INCONSISTENT, count, count, 4, unsealed.get(count, 4) - 1);
        int flags = unsealed.trailer("flags");
        long without = unsealed.get(flags, 4) & ~ImageFormat.FLAG_DIRECTORY_LINKS;
        defect("directory-links-without-flag", Reason.INCONSISTENT, flags, flags, 4, without);
    }
}

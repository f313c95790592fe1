package dev.velo.core.testing;

import dev.velo.core.testing.HostileTree.Feature;
import dev.velo.ffm.Statx;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The parts of {@link HostileTree} that are about names and the shape of directories: names, empty, deep, many. */
final class NameSections {
    private static final int LONG_LEVELS = 30;
    private static final int LONG_NAME_BYTES = 200;
    private static final int SHORT_LEVELS = 2500;
    private static final int MANY = 70_000;

    /** Around the dot, around the slash in byte order, signs that tools and shells mistake for their own. */
    private static final List<String> NAMES = List.of(
            "...",
            "..a",
            ".a",
            ". ",
            " .",
            ".. ",
            "a",
            "a ",
            " a",
            "a.",
            "a-b",
            "a.b",
            "A",
            "!x",
            "+a",
            "-a",
            "--",
            "-rf",
            "*",
            "?",
            "[a]",
            "{a,b}",
            "~",
            "$HOME",
            "$(id)",
            "`id`",
            "#",
            "&",
            ";",
            "|",
            "<",
            ">",
            "(",
            ")",
            "'",
            "\"",
            "\\",
            "a\\b",
            "\\n",
            "%s",
            "%2f",
            "a\tb",
            "a\nb",
            "\n",
            "\r",
            "\u001b[31m",
            "\u007f",
            "con",
            "NUL",
            "aux.txt",
            "C:",
            "file:stream",
            "ä",
            "a\u0308",
            "é",
            "日本語",
            "😀",
            "\u202e",
            "\ufeff",
            "trailing   ",
            ".wh.whiteout",
            ".wh..wh..opq",
            "lost+found",
            "@",
            "=",
            ",",
            "node_modules",
            "__init__.py");

    private final Set<Feature> features;

    NameSections(Set<Feature> features) {
        this.features = features;
    }

    void addTo(TreeDirectory top) throws IOException {
        addNames(top);
        addEmpty(top);
        if (features.contains(Feature.DEEP)) {
            try (TreeDirectory deep = top.directory("deep")) {
                addChain(deep, "long", LONG_LEVELS, "d".repeat(LONG_NAME_BYTES));
                addChain(deep, "short", SHORT_LEVELS, "d");
            }
        }
    }

    /** 70,000 names of empty files, past every limit of links and of one block of a directory. */
    static void addMany(TreeDirectory top) throws IOException {
        try (TreeDirectory many = top.directory("many")) {
            for (int i = 0; i < MANY; i++) {
                many.node(TreeDirectory.bytes("entry-" + i), Statx.S_IFREG, 0, 0, Stamp.plain(0644));
            }
        }
    }

    private static void addNames(TreeDirectory top) throws IOException {
        try (TreeDirectory names = top.directory("names")) {
            for (String name : NAMES) {
                names.file(name, TreeDirectory.bytes(name), Stamp.plain(0644));
            }
            for (int length : new int[] {254, 255}) {
                names.file(filled('x', length), new byte[] {1}, Stamp.plain(0644));
                names.file(filled(0xfe, length), new byte[] {1}, Stamp.plain(0644));
            }
            names.directory(filled('d', 255)).close();
            names.directory(new byte[] {(byte) 0xc3, '(', (byte) 0x80}).close();
            try (TreeDirectory bytes = names.directory("bytes")) {
                for (int value = 1; value < 256; value++) {
                    if (value != '/' && value != '.') {
                        bytes.file(new byte[] {(byte) value}, new byte[] {(byte) value}, Stamp.plain(0644));
                    }
                }
            }
        }
    }

    private static byte[] filled(int value, int length) {
        byte[] name = new byte[length];
        Arrays.fill(name, (byte) value);
        return name;
    }

    private static void addEmpty(TreeDirectory top) throws IOException {
        try (TreeDirectory empty = top.directory("empty")) {
            empty.directory("one").close();
            empty.directory("two").close();
            try (TreeDirectory nested = empty.directory("nested")) {
                nested.directory("inside").close();
            }
        }
    }

    /** One directory in the other; each is closed, hence stamped, as soon as the next stands in it. */
    private static void addChain(TreeDirectory deep, String name, int levels, String levelName) throws IOException {
        TreeDirectory at = deep.directory(name);
        for (int level = 0; level < levels; level++) {
            TreeDirectory next = at.directory(levelName);
            if (level % 100 == 0) {
                at.file("file-" + level, new byte[] {(byte) level, 1}, Stamp.plain(0644));
            }
            at.close();
            at = next;
        }
        at.file("bottom", TreeDirectory.bytes("the bottom"), Stamp.plain(0644));
        at.symlink("up", "..", Stamp.plain(0777));
        at.close();
    }
}

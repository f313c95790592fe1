package dev.velo.core.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The manifests that the tests are about.
 *
 * <pre>
 * everything                      number   shares
 * .   {user.a=1}  0:0                  0
 * ├── a           file "hello"         1   owner with .
 * ├── b   {user.b=,user.c=22}          2   file "second", owner 1000:100
 * ├── c/                               3
 * │   ├── i       file "hello"         9   blob with a, attributes with .
 * │   └── j       file "second"       10   blob with b
 * ├── d -> tt                          4
 * ├── e           character device     5
 * ├── f           fifo                 6
 * ├── g           hard link to a       7
 * └── h           empty file           8
 * </pre>
 */
final class ManifestFixture {
    static final int A = 1;
    static final int B = 2;
    static final int C = 3;
    static final int D = 4;
    static final int E = 5;
    static final int F = 6;
    static final int G = 7;
    static final int H = 8;
    static final int I = 9;
    static final int J = 10;

    private static final long MTIME = 1_600_000_000L;

    private final ManifestBuilder builder = new ManifestBuilder(16);

    private ManifestFixture() {}

    /** An empty directory: the least a manifest can be. */
    static byte[] smallest() {
        ManifestFixture fixture = new ManifestFixture();
        fixture.entry(EntryKind.DIRECTORY, "", 0755).children(0);
        return write(fixture.builder);
    }

    /** The tree of the drawing. */
    static byte[] everything() {
        ManifestFixture fixture = new ManifestFixture();
        fixture.entry(EntryKind.DIRECTORY, "", 0755).children(8);
        fixture.builder.owner(0, 0);
        fixture.builder.attributes(AttributeSet.encode(List.of(attribute("user.a", "1"))));
        fixture.file("a", "hello");
        fixture.builder.owner(0, 0);
        fixture.file("b", "second");
        fixture.builder.owner(1000, 100);
        fixture.builder.attributes(AttributeSet.encode(List.of(attribute("user.c", "22"), attribute("user.b", ""))));
        fixture.entry(EntryKind.DIRECTORY, "c", 01777).children(2);
        fixture.entry(EntryKind.SYMLINK, "d", 0777).target(bytes("tt"));
        fixture.entry(EntryKind.CHARACTER_DEVICE, "e", 0666).device(1L << 32 | 3);
        fixture.builder.mtime(-1, 999_999_999);
        fixture.entry(EntryKind.FIFO, "f", 0600);
        fixture.entry(EntryKind.HARD_LINK, "g", 0).hardLinkTo(A);
        fixture.builder.mtime(0, 0);
        fixture.entry(EntryKind.FILE, "h", 04755).emptyFile();
        fixture.file("i", "hello");
        fixture.builder.attributes(AttributeSet.encode(List.of(attribute("user.a", "1"))));
        fixture.file("j", "second");
        return write(fixture.builder);
    }

    /** A manifest of so many names below the root, for what needs few entries. */
    static byte[] root(EntryKind rootKind, int children, EntryKind... kinds) {
        ManifestFixture fixture = new ManifestFixture();
        fixture.entry(rootKind, "", 0755);
        if (rootKind == EntryKind.DIRECTORY) {
            fixture.builder.children(children);
        }
        for (int i = 0; i < kinds.length; i++) {
            fixture.entry(kinds[i], Character.toString('a' + i), 0755);
            if (kinds[i] == EntryKind.DIRECTORY) {
                fixture.builder.children(0);
            }
        }
        return write(fixture.builder);
    }

    private ManifestBuilder entry(EntryKind kind, String name, int permissions) {
        byte[] bytes = bytes(name);
        builder.entry(kind, bytes, 0, bytes.length, permissions);
        builder.mtime(MTIME, 0);
        return builder;
    }

    private void file(String name, String content) {
        Digest digest = digest(content);
        entry(EntryKind.FILE, name, 0644)
                .blob(digest.word0(), digest.word1(), digest.word2(), digest.word3(), content.length());
    }

    static Digest digest(String content) {
        return Digest.of(Hashing.sha256().digest(bytes(content)), 0);
    }

    private static AttributeSet.Attribute attribute(String name, String value) {
        return new AttributeSet.Attribute(bytes(name), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] write(ManifestBuilder builder) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            builder.writeTo(chunk -> out.writeBytes(chunk.toArray(ValueLayout.JAVA_BYTE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Manifest read(byte[] bytes) throws FormatException {
        return ManifestReader.read("test.velo", MemorySegment.ofArray(bytes));
    }
}

package dev.velo.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathBytesTest {
    private static byte[] bytes(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "/a,      b,        /a/b",
        "/a/,     b,        /a/b",
        "/,       b,        /b",
        "'',      b,        b",
        "a,       '',       a/",
    })
    void join(String directory, String name, String joined) {
        assertThat(PathBytes.join(bytes(directory), bytes(name))).isEqualTo(bytes(joined));
    }

    @ParameterizedTest
    @CsvSource({
        "/home,   a,             /home/a",
        "/home,   /a,            /a",
        "/home,   '',            /home",
        "/home,   .,             /home",
        "/home,   ..,            /",
        "/home,   ../../../x,    /x",
        "/home,   a/./b//c/,     /home/a/b/c",
        "/home,   a/../../b,     /b",
        "/home,   ...,           /home/...",
        "/home,   .hidden,       /home/.hidden",
        "/home,   ..x,           /home/..x",
        "/,       //,            /",
        "/a/b,    c/..,          /a/b",
    })
    void normalize(String base, String path, String normal) {
        assertThat(PathBytes.normalize(bytes(base), bytes(path))).isEqualTo(bytes(normal));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b,    /a,   b",
        "/a,      /,    a",
        "/,       /,    ''",
        "/a/b/cc, /a/b, cc",
    })
    void parentAndLastName(String path, String parent, String name) {
        assertThat(PathBytes.parent(bytes(path))).isEqualTo(bytes(parent));
        assertThat(PathBytes.lastName(bytes(path))).isEqualTo(bytes(name));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b,  /a,    true",
        "/a,    /a,    true",
        "/ab,   /a,    false",
        "/a,    /a/b,  false",
        "/a,    /,     true",
        "/,     /,     true",
        "/,     /a,    false",
        "/b/a,  /a,    false",
    })
    void isInside(String path, String directory, boolean inside) {
        assertThat(PathBytes.isInside(bytes(path), bytes(directory))).isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b/c, /a,   /x,   /x/b/c",
        "/a,     /a,   /x,   /x",
        "/ab,    /a,   /x,   /ab",
        "/c,     /a,   /x,   /c",
    })
    void rebase(String path, String from, String to, String rebased) {
        assertThat(PathBytes.rebase(bytes(path), bytes(from), bytes(to))).isEqualTo(bytes(rebased));
    }

    @Test
    void pathsOfManyAndOddNamesAreTakenApart() {
        assertThat(PathBytes.names(bytes("/a//bc/.././d/")))
                .containsExactly(bytes("a"), bytes("bc"), bytes(".."), bytes("."), bytes("d"));
        assertThat(PathBytes.names(bytes("///"))).isEmpty();
        assertThat(PathBytes.names(new byte[0])).isEmpty();
        byte[] odd = {(byte) 0xff, '/', (byte) 0xc3, '('};
        assertThat(PathBytes.names(odd)).containsExactly(new byte[] {(byte) 0xff}, new byte[] {(byte) 0xc3, '('});
    }

    @Test
    void bytesThatAreNotTextStayAsTheyAre() {
        byte[] odd = {(byte) 0xff, (byte) 0xfe};
        assertThat(PathBytes.normalize(bytes("/"), odd)).isEqualTo(new byte[] {'/', (byte) 0xff, (byte) 0xfe});
        assertThat(PathBytes.show(odd)).isEqualTo("\ufffd\ufffd");
    }

    @Test
    void aPrefixIsOneOfBytes() {
        assertThat(PathBytes.startsWith(bytes("abc"), bytes("ab"))).isTrue();
        assertThat(PathBytes.startsWith(bytes("abc"), bytes(""))).isTrue();
        assertThat(PathBytes.startsWith(bytes("ab"), bytes("abc"))).isFalse();
        assertThat(PathBytes.startsWith(bytes("abc"), bytes("ac"))).isFalse();
    }
}

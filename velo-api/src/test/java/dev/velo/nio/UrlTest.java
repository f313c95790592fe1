package dev.velo.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Views by URL. */
final class UrlTest {
    private static URL url(String path) throws IOException {
        return Subject.VELO.at(path).toUri().toURL();
    }

    @Test
    void filesAreRead() throws IOException {
        try (InputStream stream = url("data").openStream()) {
            assertThat(stream.readAllBytes()).isEqualTo(FixtureTree.data());
        }
        try (InputStream stream = url("a b%;!c").openStream()) {
            assertThat(stream.readAllBytes()).asString().isEqualTo("odd");
        }
    }

    @Test
    void directoriesAreTheirNames() throws IOException {
        try (InputStream stream = url("dir").openStream()) {
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("a.txt\nb.txt\nc.java\nsub\nup\n");
        }
    }

    @Test
    void headersTellOfTheFile() throws IOException {
        URLConnection connection = url("text").openConnection();
        assertThat(connection.getContentLengthLong()).isEqualTo(8);
        assertThat(connection.getContentLength()).isEqualTo(8);
        assertThat(connection.getLastModified()).isEqualTo(FixtureTree.MODIFIED.toEpochMilli());
        assertThat(connection.getContentType()).isEqualTo("application/octet-stream");
        assertThat(connection.getHeaderField("Content-Length")).isEqualTo("8");
        assertThat(connection.getHeaderFields())
                .containsOnlyKeys("content-length", "content-type", "last-modified")
                .containsEntry("last-modified", List.of("Sat, 3 Feb 2001 04:05:06 GMT"));
        assertThat(connection.getHeaderFieldKey(0)).isEqualTo("content-length");
        assertThat(connection.getHeaderField(0)).isEqualTo("8");
        assertThat(connection.getHeaderFieldKey(3)).isNull();
        assertThat(connection.getHeaderField("set-cookie")).isNull();
    }

    @Test
    void relativeUrlsStayInTheView() throws IOException {
        URL sub = URI.create(url("dir/sub/") + "/../a.txt").normalize().toURL();
        try (InputStream stream = sub.openStream()) {
            assertThat(stream.readAllBytes()).asString().isEqualTo("a");
        }
        assertThat(Path.of(Subject.VELO.at("dir").toUri().resolve("b.txt"))).isEqualTo(Subject.VELO.at("dir/b.txt"));
    }

    @Test
    void whatIsNotThereFails() throws IOException {
        URL missing = url("missing");
        assertThatThrownBy(missing::openStream).isInstanceOf(NoSuchFileException.class);
        assertThat(missing.openConnection().getContentLengthLong()).isEqualTo(-1);
        URL closed = URI.create("velo:///missing/app.velo;/text").toURL();
        assertThatThrownBy(closed::openStream).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> url("text").openConnection().getOutputStream()).isInstanceOf(IOException.class);
    }
}

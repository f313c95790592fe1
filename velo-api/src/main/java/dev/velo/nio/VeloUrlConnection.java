package dev.velo.nio;

import dev.velo.core.format.EntryKind;
import dev.velo.core.view.DirectoryCursor;
import dev.velo.core.view.Following;
import dev.velo.core.view.View;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a file of an open view, or the names in a directory, each on a line, as {@code file:} URLs do. */
final class VeloUrlConnection extends URLConnection {
    private static final String UNKNOWN_TYPE = "application/octet-stream";
    private static final String LENGTH = "content-length";
    private static final String TYPE = "content-type";
    private static final String MODIFIED = "last-modified";
    private static final List<String> HEADERS = List.of(LENGTH, TYPE, MODIFIED);
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private @Nullable VeloPath path;
    private int node;

    VeloUrlConnection(URL url) {
        super(url);
    }

    @Override
    public void connect() throws IOException {
        connection();
    }

    private VeloPath connection() throws IOException {
        VeloPath known = path;
        if (known == null) {
            known = find();
            node = known.getFileSystem().node(known, Following.ALL);
            path = known;
            connected = true;
        }
        return known;
    }

    private VeloPath find() throws IOException {
        try {
            // class loaders ask for jar files as app.jar#runtime; what is behind the hash is not the file's name
            VeloUri uri = VeloUri.parse(new URI(getURL().toExternalForm().replaceFirst("#.*", "")));
            return uri.pathIn(OpenFileSystems.require(uri.key()));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IOException(getURL() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        VeloPath opened = connection();
        VeloFileSystem fileSystem = opened.getFileSystem();
        if (fileSystem.ask(view -> view.kind(node)) == EntryKind.DIRECTORY) {
            return new ByteArrayInputStream(fileSystem.ask(this::names));
        }
        return Channels.newInputStream(fileSystem.open(opened, Following.ALL));
    }

    private byte[] names(View view) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        DirectoryCursor cursor = view.list(node);
        while (cursor.next()) {
            lines.writeBytes(cursor.name());
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    @Override
    public long getContentLengthLong() {
        return fact(view -> view.kind(node) == EntryKind.FILE ? view.size(node) : -1L, -1);
    }

    @Override
    public long getLastModified() {
        return fact(view -> view.mtimeSeconds(node) * 1000 + view.mtimeNanos(node) / 1_000_000, 0);
    }

    @Override
    public String getContentType() {
        try {
            String type = Files.probeContentType(connection());
            return type == null ? UNKNOWN_TYPE : type;
        } catch (IOException e) {
            return UNKNOWN_TYPE; // whoever reads on is told
        }
    }

    /** In the order in which they are numbered; none where there is nothing. */
    @Override
    public Map<String, List<String>> getHeaderFields() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (int i = 0; i < HEADERS.size(); i++) {
            String value = getHeaderField(i);
            if (value != null) {
                fields.put(HEADERS.get(i), List.of(value));
            }
        }
        return Collections.unmodifiableMap(fields);
    }

    @Override
    public @Nullable String getHeaderField(int index) {
        return index < 0 || index >= HEADERS.size() ? null : getHeaderField(HEADERS.get(index));
    }

    @Override
    public @Nullable String getHeaderFieldKey(int index) {
        return index < 0 || index >= HEADERS.size() ? null : HEADERS.get(index);
    }

    @Override
    public @Nullable String getHeaderField(@Nullable String name) {
        return switch (name == null ? "" : name.toLowerCase(Locale.ROOT)) {
            case LENGTH -> {
                long length = getContentLengthLong();
                yield length < 0 ? null : Long.toString(length);
            }
            case TYPE -> getContentType();
            case MODIFIED -> {
                long milliseconds = getLastModified();
                yield milliseconds == 0 ? null : DATE.format(Instant.ofEpochMilli(milliseconds));
            }
            default -> null;
        };
    }

    private long fact(VeloFileSystem.Question<Long> fact, long otherwise) {
        try {
            return connection().getFileSystem().ask(fact);
        } catch (IOException e) {
            return otherwise; // as URLConnection has it
        }
    }
}

package dev.velo.nio;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.tree.PathBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The extended attributes of one path whose names begin with {@code user.}, named without that. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ExtendedAttributes(VeloPath path, LinkOption... options) implements UserDefinedFileAttributeView {
    private static final byte[] PREFIX = PathBytes.of("user.");

    @Override
    public String name() {
        return "user";
    }

    @Override
    public List<String> list() throws IOException {
        return new ArrayList<>(all().keySet());
    }

    @Override
    public int size(String name) throws IOException {
        return value(name).length;
    }

    @Override
    public int read(String name, ByteBuffer into) throws IOException {
        byte[] value = value(name);
        if (value.length > into.remaining()) {
            throw new FileSystemException(path.toString(), null, "the buffer is shorter than attribute " + name);
        }
        into.put(value);
        return value.length;
    }

    @Override
    public int write(String name, ByteBuffer from) {
        throw path.getFileSystem().refusal();
    }

    @Override
    public void delete(String name) {
        throw path.getFileSystem().refusal();
    }

    /** The values of {@code user:name,name}. */
    Map<String, Object> values(String attributes) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : AttributeNames.names(attributes)) {
            if (name.equals("*")) {
                values.putAll(all());
            } else {
                values.put(name, value(name));
            }
        }
        return values;
    }

    private byte[] value(String name) throws IOException {
        byte[] value = all().get(name);
        if (value == null) {
            throw new FileSystemException(path.toString(), null, "there is no extended attribute " + name);
        }
        return value;
    }

    private Map<String, byte[]> all() throws IOException {
        VeloFileSystem fileSystem = path.getFileSystem();
        int node = fileSystem.node(path, Nodes.following(options));
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (AttributeSet.Attribute attribute : fileSystem.ask(view -> view.attributes(node))) {
            byte[] name = attribute.name();
            if (PathBytes.startsWith(name, PREFIX)) {
                found.put(
                        NameCodec.decode(Arrays.copyOfRange(name, PREFIX.length, name.length)),
                        attribute.value().clone());
            }
        }
        return found;
    }
}

package dev.velo.core.ingest;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which extended attributes of a file belong to its tree: the user's own, access lists and file capabilities. */
final class Attributes {
    private static final byte[] NONE = {};

    /** Where the values of named attributes come from. */
    private interface Values {
        byte[] of(byte[] name) throws ErrnoException;
    }

    private Attributes() {}

    /** The canonical bytes of the attributes of an open file or directory; empty if it has none. */
    static byte[] read(int fd) throws ErrnoException {
        return read(AttributeCalls.flistxattr(fd), attribute -> AttributeCalls.fgetxattr(fd, attribute));
    }

    private static byte[] read(byte[] names, Values values) throws ErrnoException {
        if (names.length == 0) {
            return NONE;
        }
        List<AttributeSet.Attribute> attributes = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == 0) {
                byte[] name = Arrays.copyOfRange(names, start, i);
                start = i + 1;
                if (belongs(new String(name, StandardCharsets.ISO_8859_1))) {
                    add(attributes, values, name);
                }
            }
        }
        return attributes.isEmpty() ? NONE : AttributeSet.encode(attributes);
    }

    /** The same of a name in an open directory, without opening the file. */
    static byte[] readAt(int directory, byte[] name) throws ErrnoException {
        byte[] path = PathBytes.join(PathBytes.of("/proc/self/fd/" + directory), name);
        return read(AttributeCalls.llistxattr(path), attribute -> AttributeCalls.lgetxattr(path, attribute));
    }

    private static void add(List<AttributeSet.Attribute> attributes, Values values, byte[] name) throws ErrnoException {
        try {
            attributes.add(new AttributeSet.Attribute(name, values.of(name)));
        } catch (ErrnoException e) {
            // gone since it was listed
            if (e.errno() != Errno.ENODATA) {
                throw e;
            }
        }
    }

    /** Those of these that belong to a tree. */
    static List<AttributeSet.Attribute> belonging(List<AttributeSet.Attribute> attributes) {
        return attributes.stream()
                .filter(attribute -> belongs(new String(attribute.name(), StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private static boolean belongs(String name) {
        return name.startsWith("user.")
                || name.equals("system.posix_acl_access")
                || name.equals("system.posix_acl_default")
                || name.equals("security.capability");
    }
}

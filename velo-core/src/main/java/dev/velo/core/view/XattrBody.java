package dev.velo.core.view;

import dev.velo.core.format.AttributeSet.Attribute;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.tree.PathBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes as they stand behind an inode: a header, then entries whose names are cut by a known prefix. */
final class XattrBody {
    static final byte[] NONE = new byte[0];

    private static final int SHARED_COUNT = ErofsFormat.offset(ErofsFormat.XATTR_HEADER, "shared_count");
    private static final int ALIGNMENT = 4;
    private static final int MAX_VALUE_BYTES = 0xffff;
    private static final int MAX_BODY_BYTES = ErofsFormat.XATTR_HEADER_BYTES + (0xffff - 1) * ALIGNMENT;

    /** What a name begins with, and the number that stands for it. */
    @SuppressWarnings("ArrayRecordComponent") // a constant, never compared
    private record Prefix(int index, byte[] text) {}

    private static final List<Prefix> PREFIXES = List.of(
            new Prefix(1, PathBytes.of("user.")),
            new Prefix(2, PathBytes.of("system.posix_acl_access")),
            new Prefix(3, PathBytes.of("system.posix_acl_default")),
            new Prefix(4, PathBytes.of("trusted.")),
            new Prefix(6, PathBytes.of("security.")));

    private XattrBody() {}

    /** The bytes of these attributes; those that the format cannot hold, which no file of Linux has either, are left out. */
    static byte[] encode(List<Attribute> attributes) {
        ByteBuffer body = ByteBuffer.allocate(MAX_BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        body.position(ErofsFormat.XATTR_HEADER_BYTES);
        for (Attribute attribute : attributes) {
            Prefix prefix = prefixOf(attribute.name());
            if (prefix == null || attribute.value().length > MAX_VALUE_BYTES) {
                continue;
            }
            int suffix = attribute.name().length - prefix.text().length;
            if (body.remaining() < ErofsFormat.XATTR_ENTRY_BYTES + suffix + attribute.value().length + ALIGNMENT) {
                continue;
            }
            body.put((byte) suffix).put((byte) prefix.index()).putShort((short) attribute.value().length);
            body.put(attribute.name(), prefix.text().length, suffix).put(attribute.value());
            body.position(aligned(body.position()));
        }
        boolean empty = body.position() == ErofsFormat.XATTR_HEADER_BYTES;
        return empty ? NONE : Arrays.copyOf(body.array(), body.position());
    }

    private static @Nullable Prefix prefixOf(byte[] name) {
        for (Prefix prefix : PREFIXES) {
            boolean more = name.length > prefix.text().length;
            if (PathBytes.startsWith(name, prefix.text()) && more == endsInDot(prefix.text())) {
                return prefix;
            }
        }
        return null;
    }

    /** Whether a name goes on behind this prefix. */
    private static boolean endsInDot(byte[] prefix) {
        return prefix[prefix.length - 1] == '.';
    }

    /** The inode's field that tells how long the body is. */
    static int count(byte[] body) {
        return body.length == 0 ? 0 : 1 + (body.length - ErofsFormat.XATTR_HEADER_BYTES) / ALIGNMENT;
    }

    /** The length of the body of which that field speaks. */
    static int bytes(int count) {
        return count == 0 ? 0 : ErofsFormat.XATTR_HEADER_BYTES + (count - 1) * ALIGNMENT;
    }

    /** The attributes of a body, or null if it is damaged. */
    static @Nullable List<Attribute> decode(byte[] body) {
        List<Attribute> attributes = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        if (body.length > 0) {
            if (in.get(SHARED_COUNT) != 0) {
                return null;
            }
            in.position(ErofsFormat.XATTR_HEADER_BYTES);
        }
        while (in.remaining() >= ErofsFormat.XATTR_ENTRY_BYTES) {
            int suffix = in.get() & 0xff;
            int index = in.get();
            int value = in.getShort() & 0xffff;
            byte @Nullable [] prefix = textOf(index);
            boolean named = prefix != null && (suffix > 0) == endsInDot(prefix);
            if (prefix == null || !named || in.remaining() < suffix + value) {
                return null;
            }
            byte[] name = Arrays.copyOf(prefix, prefix.length + suffix);
            in.get(name, prefix.length, suffix);
            byte[] content = new byte[value];
            in.get(content);
            attributes.add(new Attribute(name, content));
            in.position(Math.min(in.limit(), aligned(in.position())));
        }
        attributes.sort((left, right) -> Arrays.compareUnsigned(left.name(), right.name()));
        return attributes;
    }

    private static byte @Nullable [] textOf(int index) {
        for (Prefix prefix : PREFIXES) {
            if (prefix.index() == index) {
                return prefix.text();
            }
        }
        return null;
    }

    private static int aligned(int position) {
        return (position + ALIGNMENT - 1) & -ALIGNMENT;
    }
}

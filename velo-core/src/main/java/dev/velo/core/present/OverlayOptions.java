package dev.velo.core.present;

import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.MountCalls;
import dev.velo.ffm.PlanBuilder;
import java.io.ByteArrayOutputStream;

/** The options of an overlay. User attributes, for root too, so that an upper can be moved and used by another user. */
public final class OverlayOptions {
    static final String TYPE = "overlay";

    private OverlayOptions() {}

    public static byte[] of(byte[] lower, byte[] upper, byte[] work) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(PathBytes.of("lowerdir="));
        data.writeBytes(escape(lower));
        data.writeBytes(PathBytes.of(",upperdir="));
        data.writeBytes(escape(upper));
        data.writeBytes(PathBytes.of(",workdir="));
        data.writeBytes(escape(work));
        data.writeBytes(PathBytes.of(",userxattr"));
        return data.toByteArray();
    }

    /** Adds to a child section what lays a writable layer over a directory, to be seen at this path. */
    static void mount(PlanBuilder plan, byte[] at, byte[] lower, byte[] upper, byte[] work) {
        long flags = MountCalls.MS_NOSUID | MountCalls.MS_NODEV;
        plan.mount(PathBytes.of("velo"), at, TYPE, flags, of(lower, upper, work));
    }

    /** A backslash takes the meaning from commas, colons and backslashes. */
    static byte[] escape(byte[] path) {
        ByteArrayOutputStream escaped = new ByteArrayOutputStream(path.length);
        for (byte b : path) {
            if (b == ',' || b == ':' || b == '\\') {
                escaped.write('\\');
            }
            escaped.write(b);
        }
        return escaped.toByteArray();
    }
}

package dev.velo.core.testing;

import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.Errno;
import dev.velo.ffm.ErrnoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The metadata of one fixture entry: owner (-1: as made), mode, attributes, modification time. */
record Stamp(int uid, int gid, int mode, List<Attribute> attributes, long seconds, int nanos) {
    private static final long PLAIN_SECONDS = 1_600_000_000L;
    private static final int PLAIN_NANOS = 123_456_789;

    @SuppressWarnings("ArrayRecordComponent") // never compared by equals
    record Attribute(String name, byte[] value) {
        boolean isUser() {
            return name.startsWith("user.");
        }
    }

    static Stamp plain(int mode) {
        return new Stamp(-1, -1, mode, List.of(), PLAIN_SECONDS, PLAIN_NANOS);
    }

    Stamp at(long otherSeconds, int otherNanos) {
        return new Stamp(uid, gid, mode, attributes, otherSeconds, otherNanos);
    }

    Stamp ownedBy(int otherUid, int otherGid) {
        return new Stamp(otherUid, otherGid, mode, attributes, seconds, nanos);
    }

    Stamp with(String name, byte[] value) {
        List<Attribute> more = new ArrayList<>(attributes);
        more.add(new Attribute(name, value));
        return new Stamp(uid, gid, mode, List.copyOf(more), seconds, nanos);
    }

    /**
     * Sets everything in the order that keeps it: a change of owner clears setuid, a mode may forbid user attributes, a mode changes
     * the mask of an ACL, a write clears capabilities.
     */
    void applyTo(int descriptor, FixtureLog log) throws IOException {
        if (uid >= 0) {
            AttributeCalls.fchown(descriptor, uid, gid);
        }
        for (Attribute attribute : attributes) {
            if (attribute.isUser()) {
                set(descriptor, attribute, log);
            }
        }
        AttributeCalls.fchmod(descriptor, mode);
        for (Attribute attribute : attributes) {
            if (!attribute.isUser()) {
                set(descriptor, attribute, log);
            }
        }
        AttributeCalls.utimensat(descriptor, 0, seconds, nanos, 0);
    }

    private static void set(int descriptor, Attribute attribute, FixtureLog log) throws IOException {
        try {
            AttributeCalls.fsetxattr(descriptor, attribute.name().getBytes(StandardCharsets.UTF_8), attribute.value());
        } catch (ErrnoException e) {
            if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.EPERM) {
                throw e;
            }
            log.leftOut("attribute " + attribute.name());
        }
    }
}

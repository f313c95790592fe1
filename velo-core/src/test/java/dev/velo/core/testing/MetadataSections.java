package dev.velo.core.testing;

import dev.velo.core.testing.HostileTree.Feature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Set;

/** The parts of {@link HostileTree} that are about metadata: attributes, modes, times, owners. */
final class MetadataSections {
    private static final int[] FILE_MODES = {
        0400, 0444, 0600, 0640, 0644, 0664, 0666, 0700, 0711, 0755, 0777, 01644, 02755, 04755, 06711, 07777
    };
    private static final int[] DIRECTORY_MODES = {0555, 0700, 0711, 0750, 01777, 02755};
    private static final int NO_ID = -1;
    private static final int SOMEBODY = 4711;

    private final long seed;
    private final Set<Feature> features;

    MetadataSections(long seed, Set<Feature> features) {
        this.seed = seed;
        this.features = features;
    }

    void addTo(TreeDirectory top) throws IOException {
        addAttributes(top);
        addModes(top);
        addTimes(top);
        if (features.contains(Feature.OWNERS)) {
            addOwners(top);
        }
    }

    private void addAttributes(TreeDirectory top) throws IOException {
        byte[] content = ContentSections.content(seed, -10, 100);
        Stamp plain = Stamp.plain(0644);
        Stamp several = plain.with("user.z", new byte[] {1})
                .with("user.a", new byte[] {0, 1, 0})
                .with("user.empty", new byte[0])
                .with("user.ä", new byte[] {-1});
        try (TreeDirectory attributes = top.directory("attributes")) {
            attributes.file("several", content, several);
            attributes.file("several-again", content, several);
            attributes.file("long-value", content, plain.with("user.long", ContentSections.content(seed, -11, 3000)));
            attributes.file("long-name", content, plain.with("user." + "n".repeat(200), new byte[] {2}));
            attributes.file("on-empty-file", new byte[0], plain.with("user.one", new byte[] {3}));
            attributes.file("acl", content, plain.with("system.posix_acl_access", accessList(6)));
            attributes
                    .directory("directory")
                    .stamped(Stamp.plain(0755).with("user.one", new byte[] {3}))
                    .close();
            attributes
                    .directory("default-acl")
                    .stamped(Stamp.plain(0755)
                            .with("system.posix_acl_default", accessList(7))
                            .with("system.posix_acl_access", accessList(7)))
                    .close();
            if (features.contains(Feature.DEVICES)) {
                attributes.file("capable", content, Stamp.plain(0755).with("security.capability", capabilities()));
            }
        }
    }

    /** {@code u::owner,u:4711:r--,g::r--,m::r--,o::r--} as the kernel keeps it: version 2, then tag, permissions and id. */
    private static byte[] accessList(int owner) {
        ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(2);
        list.putShort((short) 0x01).putShort((short) owner).putInt(NO_ID);
        list.putShort((short) 0x02).putShort((short) 4).putInt(SOMEBODY);
        list.putShort((short) 0x04).putShort((short) 4).putInt(NO_ID);
        list.putShort((short) 0x10).putShort((short) 4).putInt(NO_ID);
        list.putShort((short) 0x20).putShort((short) 4).putInt(NO_ID);
        return list.array();
    }

    /** {@code cap_net_bind_service=ep} in revision 2. */
    private static byte[] capabilities() {
        ByteBuffer value = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(0x02000001).putInt(1 << 10);
        return value.array();
    }

    private void addModes(TreeDirectory top) throws IOException {
        try (TreeDirectory modes = top.directory("modes")) {
            for (int mode : FILE_MODES) {
                addMode(modes, mode);
            }
            for (int mode : DIRECTORY_MODES) {
                addDirectoryMode(modes, mode);
            }
            if (features.contains(Feature.UNREADABLE)) {
                addMode(modes, 0);
                addDirectoryMode(modes, 0);
            }
        }
    }

    private void addMode(TreeDirectory modes, int mode) throws IOException {
        modes.file("file-" + octal(mode), ContentSections.content(seed, -100 - mode, 64), Stamp.plain(mode));
    }

    private static void addDirectoryMode(TreeDirectory modes, int mode) throws IOException {
        try (TreeDirectory directory = modes.directory("directory-" + octal(mode))) {
            directory.stamped(Stamp.plain(mode));
            directory.file("inside", new byte[] {1}, Stamp.plain(0644));
            directory.directory("below").close();
        }
    }

    private static String octal(int mode) {
        return String.format(Locale.ROOT, "%04o", mode);
    }

    private static void addTimes(TreeDirectory top) throws IOException {
        long[] seconds = {-2_147_483_648L, -86_400, -1, 0, 1, 2_147_483_647L, 2_147_483_648L, 4_294_967_296L};
        int[] nanos = {0, 1, 500_000_000, 999_999_999};
        try (TreeDirectory times = top.directory("times")) {
            for (long second : seconds) {
                for (int nano : nanos) {
                    Stamp stamp = Stamp.plain(0644).at(second, nano);
                    times.file("file" + second + "." + nano, new byte[] {1}, stamp);
                }
                Stamp stamp = Stamp.plain(0755).at(second, 999_999_999);
                times.directory("directory" + second).stamped(stamp).close();
                times.symlink("symlink" + second, "target", stamp);
            }
        }
    }

    private static void addOwners(TreeDirectory top) throws IOException {
        try (TreeDirectory owners = top.directory("owners")) {
            owners.stamped(Stamp.plain(0755).ownedBy(SOMEBODY, 0));
            owners.file("user", new byte[] {1}, Stamp.plain(0644).ownedBy(SOMEBODY, 0));
            owners.file("group", new byte[] {1}, Stamp.plain(0644).ownedBy(0, SOMEBODY));
            owners.file("both", new byte[] {1}, Stamp.plain(04755).ownedBy(SOMEBODY, SOMEBODY + 1));
            owners.file("large-ids", new byte[] {1}, Stamp.plain(0644).ownedBy(2_000_000_000, 2_000_000_001));
        }
    }
}

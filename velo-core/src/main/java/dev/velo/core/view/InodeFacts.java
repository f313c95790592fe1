package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.ErofsFormat;
import dev.velo.core.format.Manifest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the inodes of an image say beyond their manifest: owner as seen, link counts, and which of them are compact. */
final class InodeFacts {
    private static final int COMPACT_LIMIT = 1 << 16;

    private final Manifest manifest;
    private final MetadataPolicy policy;
    private final int uid;
    private final int gid;
    private final long baseSeconds;
    private final int baseNanos;
    private final int[] links;
    private final Map<Integer, byte[]> attributeBodies = new HashMap<>();

    /** @param uid owner of what stores none, as are all if the policy says so */
    InodeFacts(Manifest manifest, MetadataPolicy policy, int uid, int gid) {
        this.manifest = manifest;
        this.policy = policy;
        this.uid = uid;
        this.gid = gid;
        int base = mostFrequentTime();
        this.baseSeconds = manifest.mtimeSeconds(base);
        this.baseNanos = manifest.mtimeNanos(base);
        this.links = new int[manifest.entryCount()];
        countLinks();
    }

    private record Time(long seconds, int nanos) {}

    /** An entry with the modification time that most have: compact inodes have no room for another. */
    private int mostFrequentTime() {
        Map<Time, int[]> counts = new HashMap<>();
        int best = 0;
        int most = 0;
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            if (manifest.kind(entry) != EntryKind.HARD_LINK) {
                Time time = new Time(manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry));
                int count = ++counts.computeIfAbsent(time, key -> new int[1])[0];
                if (count > most) {
                    most = count;
                    best = entry;
                }
            }
        }
        return best;
    }

    private void countLinks() {
        for (int entry = 0; entry < manifest.entryCount(); entry++) {
            switch (manifest.kind(entry)) {
                case DIRECTORY -> {
                    links[entry] += 2;
                    int end = manifest.firstChild(entry) + manifest.childCount(entry);
                    for (int child = manifest.firstChild(entry); child < end; child++) {
                        links[entry] += manifest.kind(child) == EntryKind.DIRECTORY ? 1 : 0;
                    }
                }
                case HARD_LINK -> links[manifest.primary(entry)]++;
                default -> links[entry]++;
            }
        }
    }

    long baseSeconds() {
        return baseSeconds;
    }

    int baseNanos() {
        return baseNanos;
    }

    int linkCount(int entry) {
        return links[entry];
    }

    int uid(int entry) {
        return policy.keepsOwner(manifest, entry) ? manifest.uid(entry) : uid;
    }

    int gid(int entry) {
        return policy.keepsOwner(manifest, entry) ? manifest.gid(entry) : gid;
    }

    int mode(int entry) {
        EntryKind kind = manifest.kind(entry);
        int permissions = kind == EntryKind.DIRECTORY ? manifest.permissions(entry) : policy.mode(manifest, entry);
        return kind.typeBits() | permissions;
    }

    boolean isLeftOut(int entry) {
        int inode = manifest.kind(entry) == EntryKind.HARD_LINK ? manifest.primary(entry) : entry;
        return policy.leavesOut(manifest, inode);
    }

    /** The bytes of an entry's attributes as they stand behind its inode; none if nothing of them becomes real. */
    byte[] attributeBody(int entry) {
        int id = manifest.attributesId(entry);
        if (id == 0) {
            return XattrBody.NONE;
        }
        byte @Nullable [] known = attributeBodies.get(id);
        if (known == null) {
            known = XattrBody.encode(policy.attributes(manifest, entry));
            attributeBodies.put(id, known);
        }
        return known;
    }

    /** @param size bytes of the file, of the link's target or of the directory in the image */
    boolean isCompact(int entry, long size) {
        return manifest.mtimeSeconds(entry) == baseSeconds
                && manifest.mtimeNanos(entry) == baseNanos
                && size >>> 32 == 0
                && Integer.compareUnsigned(uid(entry), COMPACT_LIMIT) < 0
                && Integer.compareUnsigned(gid(entry), COMPACT_LIMIT) < 0
                && links[entry] < COMPACT_LIMIT;
    }

    int inodeBytes(int entry, long size) {
        return isCompact(entry, size) ? ErofsFormat.COMPACT_BYTES : ErofsFormat.EXTENDED_BYTES;
    }
}

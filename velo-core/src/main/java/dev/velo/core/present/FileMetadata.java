package dev.velo.core.present;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Root;
import dev.velo.core.tree.PathBytes;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.ErrnoException;
import java.util.List;

/**
 * Gives new files what their manifest says of them: owner, mode, attributes and, last, the modification time.
 *
 * @param trust whether setuid, setgid and sticky bits of files may become real
 * @param ownership whether stored owners are restored, which takes root
 */
public record FileMetadata(Root.Trust trust, Ownership ownership) {
    /** Whose the files become. */
    public enum Ownership {
        /** The stored owner's, where one is stored. */
        STORED,
        /** Whoever makes them. */
        MAKER
    }

    private static final int SPECIAL_BITS = 06000;
    private static final byte[] OVERLAY = PathBytes.of("user.overlay.");
    private static final byte[] SECURITY = PathBytes.of("security.");

    boolean keepsOwner(Manifest manifest, int entry) {
        return ownership == Ownership.STORED && manifest.hasOwner(entry);
    }

    int mode(Manifest manifest, int entry) {
        int permissions = manifest.permissions(entry);
        return trust == Root.Trust.TRUSTED ? permissions : permissions & ~SPECIAL_BITS;
    }

    /** Those of an entry's attributes that become real. */
    List<AttributeSet.Attribute> attributes(Manifest manifest, int entry) {
        return manifest.attributes(entry).stream().filter(this::isAllowed).toList();
    }

    /**
     * Applies everything to an open file or directory that only its maker knows of. The mode comes after the attributes: it may forbid
     * its owner to set them, and it takes from an access list the permissions that the mode does not have.
     */
    void apply(Manifest manifest, int entry, int fd, int mode) throws ErrnoException {
        if (keepsOwner(manifest, entry)) {
            AttributeCalls.fchown(fd, manifest.uid(entry), manifest.gid(entry));
        }
        if (manifest.hasAttributes(entry)) {
            for (AttributeSet.Attribute attribute : attributes(manifest, entry)) {
                AttributeCalls.fsetxattr(fd, attribute.name(), attribute.value());
            }
        }
        AttributeCalls.fchmod(fd, mode);
        AttributeCalls.utimensat(fd, 0, manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry), 0);
    }

    /**
     * File capabilities are as good as a setuid bit. And what an overlay reads from its lower layer as its own marks must not come
     * from there at all, since it would redirect lookups.
     */
    private boolean isAllowed(AttributeSet.Attribute attribute) {
        if (PathBytes.startsWith(attribute.name(), OVERLAY)) {
            return false;
        }
        return trust == Root.Trust.TRUSTED || !PathBytes.startsWith(attribute.name(), SECURITY);
    }
}

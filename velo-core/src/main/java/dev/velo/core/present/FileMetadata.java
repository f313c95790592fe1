package dev.velo.core.present;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Root;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.ErrnoException;

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

    boolean keepsOwner(Manifest manifest, int entry) {
        return ownership == Ownership.STORED && manifest.hasOwner(entry);
    }

    int mode(Manifest manifest, int entry) {
        int permissions = manifest.permissions(entry);
        return trust == Root.Trust.TRUSTED ? permissions : permissions & ~SPECIAL_BITS;
    }

    /** Applies everything to an open file or directory that only its maker knows of. */
    void apply(Manifest manifest, int entry, int fd, int mode) throws ErrnoException {
        if (keepsOwner(manifest, entry)) {
            AttributeCalls.fchown(fd, manifest.uid(entry), manifest.gid(entry));
        }
        AttributeCalls.fchmod(fd, mode);
        if (manifest.hasAttributes(entry)) {
            for (AttributeSet.Attribute attribute : manifest.attributes(entry)) {
                if (isAllowed(attribute)) {
                    AttributeCalls.fsetxattr(fd, attribute.name(), attribute.value());
                }
            }
        }
        AttributeCalls.utimensat(fd, 0, manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry), 0);
    }

    /** File capabilities are as good as a setuid bit. */
    private boolean isAllowed(AttributeSet.Attribute attribute) {
        return trust == Root.Trust.TRUSTED
                || attribute.name()[0] != 's'
                || attribute.name()[1] != 'e';
    }
}

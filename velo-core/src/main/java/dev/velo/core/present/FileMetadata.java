package dev.velo.core.present;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Manifest;
import dev.velo.core.view.MetadataPolicy;
import dev.velo.ffm.AttributeCalls;
import dev.velo.ffm.ErrnoException;

/** Gives new files what their manifest says of them: owner, mode, attributes and, last, the modification time. */
final class FileMetadata {
    private FileMetadata() {}

    /**
     * Applies everything to an open file or directory that only its maker knows of. The mode comes after the attributes: it may forbid
     * its owner to set them, and it takes from an access list the permissions that the mode does not have.
     */
    static void apply(MetadataPolicy policy, Manifest manifest, int entry, int fd, int mode) throws ErrnoException {
        if (policy.keepsOwner(manifest, entry)) {
            AttributeCalls.fchown(fd, manifest.uid(entry), manifest.gid(entry));
        }
        if (manifest.hasAttributes(entry)) {
            for (AttributeSet.Attribute attribute : policy.attributes(manifest, entry)) {
                AttributeCalls.fsetxattr(fd, attribute.name(), attribute.value());
            }
        }
        AttributeCalls.fchmod(fd, mode);
        AttributeCalls.utimensat(fd, 0, manifest.mtimeSeconds(entry), manifest.mtimeNanos(entry), 0);
    }
}

package dev.velo.core.view;

import dev.velo.core.format.AttributeSet;
import dev.velo.core.format.Manifest;
import dev.velo.core.store.Root;
import dev.velo.core.tree.PathBytes;
import java.util.List;

/**
 * How much of what a manifest says of its entries becomes real.
 *
 * @param trust whether setuid and setgid bits, file capabilities and device nodes do
 * @param ownership whether stored owners do, which takes root
 */
public record MetadataPolicy(Root.Trust trust, Ownership ownership) {
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

    public boolean keepsOwner(Manifest manifest, int entry) {
        return ownership == Ownership.STORED && manifest.hasOwner(entry);
    }

    /** The permission bits of an entry that is no directory. */
    public int mode(Manifest manifest, int entry) {
        int permissions = manifest.permissions(entry);
        return trust == Root.Trust.TRUSTED ? permissions : permissions & ~SPECIAL_BITS;
    }

    /** Those of an entry's attributes that become real. */
    public List<AttributeSet.Attribute> attributes(Manifest manifest, int entry) {
        return manifest.attributes(entry).stream().filter(this::isAllowed).toList();
    }

    /** Whether an entry is left out of the tree: device nodes of strangers do not become real. */
    public boolean leavesOut(Manifest manifest, int entry) {
        return trust == Root.Trust.UNTRUSTED && manifest.kind(entry).isDevice();
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

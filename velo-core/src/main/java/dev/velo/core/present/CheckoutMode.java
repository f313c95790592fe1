package dev.velo.core.present;

/** How the files of a checkout come to be. */
public enum CheckoutMode {
    /** Hard links without write permission, shared with other checkouts; a copy where no link can be made. */
    LINK,
    /** Exact and writable, sharing their blocks with the packs; fails where the file system cannot. */
    REFLINK,
    /** Exact and writable. */
    COPY,
    /** Hard links with exact modes, never to be shown but through a read-only mount or an overlay. */
    FARM
}

package dev.velo.core.ingest;

/** What becomes of the owners of files. */
public enum OwnerPolicy {
    /** None is stored: a presented file belongs to whoever looks. */
    SQUASH,
    /** User and group numbers are stored with each entry. */
    KEEP
}

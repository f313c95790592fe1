package dev.velo.core.view;

import dev.velo.core.format.Reason;

/**
 * An image with exactly one thing wrong.
 *
 * @param name of the reject file, without its suffix
 * @param offset where the fault is reported
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by equals
record ImageDefect(String name, Found found, Reason reason, long offset, byte[] bytes) {
    /** Which check refuses the image first. */
    enum Found {
        /** At open, so that it is bound anew and neither a view nor the kernel gets it. */
        OPENED,
        /** When the whole image is verified; readers refuse it where they meet the defect, if it harms them at all. */
        VERIFIED
    }

    String file() {
        return name + ".image";
    }

    /** A line of the table for other readers. */
    String line() {
        return file() + "\t" + reason + "\t" + offset + "\t" + found + "\n";
    }

    @Override
    public String toString() {
        return name;
    }
}

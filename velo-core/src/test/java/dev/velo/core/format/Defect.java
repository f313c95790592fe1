package dev.velo.core.format;

/**
 * A file with exactly one thing wrong.
 *
 * @param name of the reject file, without its suffix
 * @param reason why readers refuse it
 * @param detail part of the message, which tells that it was refused by the check in question
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by equals
public record Defect(String name, Reason reason, String detail, byte[] bytes) {
    @Override
    public String toString() {
        return name;
    }
}

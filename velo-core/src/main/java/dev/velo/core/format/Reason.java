package dev.velo.core.format;

/** What is wrong with a file that Velo refused to read. */
public enum Reason {
    EMPTY("the file is empty"),
    TRUNCATED("the file ends too early"),
    BAD_MAGIC("the file is of another kind"),
    TOO_NEW("the file was written by a newer version of Velo"),
    TOO_OLD("the file was written by a version of Velo that is no longer read"),
    CHECKSUM("the checksum does not match"),
    BAD_LENGTH("a length or count is impossible"),
    OUT_OF_BOUNDS("a reference points outside the file"),
    BAD_NAME("a name is not one that a directory can hold"),
    BAD_ORDER("entries are not in canonical order"),
    BAD_KIND("an entry is of an unknown kind"),
    BAD_COMPRESSION("compressed bytes cannot be expanded"),
    INCONSISTENT("two fields contradict each other"),
    WRONG_CONTENT("the bytes are not those of the digest"),
    MISSING("the blob is in no pack of the store");

    private final String sentence;

    Reason(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}

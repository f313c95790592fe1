package dev.velo.ffm;

/** Bytes that are not a plan this version of Velo can run: why, and where. */
public final class PlanFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Reason {
        TRUNCATED("it is shorter than it says or than a header"),
        BAD_MAGIC("it does not begin as a plan does"),
        BAD_VERSION("it is of another version"),
        BAD_MACHINE("it is for another architecture"),
        BAD_BOUNDS("something lies outside the plan"),
        BAD_ENTRY("an entry has an unknown call, flag or result"),
        BAD_NAMESPACES("the flags of the clone are not namespaces alone"),
        BAD_TEXT("a text does not end within the plan"),
        BAD_RELOCATION("the relocation table names a field that holds no pointer"),
        NOT_FRESH("it holds the state of a run");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;
    private final long offset;

    PlanFormatException(Reason reason, long offset) {
        super("not a usable plan: " + reason.text + " (" + reason + " at offset " + offset + ")");
        this.reason = reason;
        this.offset = offset;
    }

    public Reason reason() {
        return reason;
    }

    public long offset() {
        return offset;
    }
}

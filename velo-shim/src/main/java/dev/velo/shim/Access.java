package dev.velo.shim;

/** What a function wants of the tree. */
enum Access {
    ASK("asks"),
    OPEN("opens"),
    LIST("lists"),
    GO("goes there"),
    HOLD("keeps descriptors"),
    CHANGE("would change it"),
    START("starts programs"),
    ANY("anything");

    private final String text;

    Access(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.velo.core.view;

import java.util.Locale;

/**
 * When the bytes of a file that is read through a view are held against the file's digest. Unless that is never, the image is held
 * against its checksum as well when it is opened, since it says which digest a path has.
 */
public enum ReadCheck {
    /** Each time that it is opened. */
    ALWAYS,
    /** When this view first opens it. */
    FIRST,
    /** Never: {@code velo verify --contents} does. */
    NEVER;

    private static final String VARIABLE = "VELO_VERIFY";

    /** What the environment asks for; {@link #NEVER} if it asks for nothing. */
    public static ReadCheck ofEnvironment() {
        String value = System.getenv(VARIABLE);
        if (value == null || value.isEmpty()) {
            return NEVER;
        }
        for (ReadCheck check : values()) {
            if (check.name().toLowerCase(Locale.ROOT).equals(value)) {
                return check;
            }
        }
        throw new IllegalArgumentException(VARIABLE + "=" + value + " is none of always, first and never");
    }
}

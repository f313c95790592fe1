package dev.velo.core.view;

/** What becomes of a symbolic link that is the last name of a path. */
public enum Following {
    /** It is followed, as by stat(2) and open(2). */
    ALL,
    /** It is meant itself, as by lstat(2) and readlink(2). */
    ALL_BUT_LAST
}

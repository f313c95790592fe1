package dev.velo.core.present;

import java.util.List;

/** How a tree comes to be seen by a command. */
public enum Presentation {
    /** The kernel mounts the tree's image: nothing is made for each file, and metadata is exact. Takes root and Linux 6.12. */
    MOUNT,
    /** A farm of hard links, made once for each tree. Takes a file system with hard links. */
    LINK,
    /** A library in the command answers its calls: nothing is mounted and nothing made. Takes a program that loads libraries. */
    PRELOAD;

    /** In the order in which they are tried where nobody chose: what is better comes first. */
    public static final List<Presentation> CHAIN = List.of(MOUNT, LINK, PRELOAD);

    /** Those whose trees are directories for every program: several can be seen at once, be written over, and make up a sandbox. */
    public static final List<Presentation> DIRECTORIES = List.of(MOUNT, LINK);
}

package dev.velo.core.tree;

/** The directories of a tree, known by numbers: each but the root has a parent and a name in it. */
public interface TreeShape {
    /** The directory that holds this one; never asked of the root. */
    int parent(int directory);

    /** The address of the directory's name as a C string, valid while the shape is. */
    long nameAddress(int directory);
}

package dev.velo.core.view;

import dev.velo.core.format.EntryKind;
import dev.velo.core.format.FormatException;

/** A tree of numbered nodes with symbolic links in it, as far as following a path needs to know it. */
interface LinkedTree {
    /** What {@link #child} says when there is none. */
    int NONE = -1;

    int root();

    EntryKind kind(int node) throws FormatException;

    /** The node of this name in a directory, or {@link #NONE}; the name is the part of the path between the two indexes. */
    int child(int directory, byte[] path, int start, int end) throws FormatException;

    /** The directory that holds a directory; the root's is itself. */
    int parent(int directory) throws FormatException;

    byte[] target(int link) throws FormatException;
}

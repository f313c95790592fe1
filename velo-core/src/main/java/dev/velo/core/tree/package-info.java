/** Walking and building real directory trees by descriptors and single names. */
@NullMarked
package dev.velo.core.tree;

import org.jspecify.annotations.NullMarked;

/** Tests of paths, workers and directory chains. */
@NullMarked
package dev.velo.core.tree;

import org.jspecify.annotations.NullMarked;

/** Holds a store against itself, and mends what can be mended. */
@NullMarked
package dev.velo.core.verify;

import org.jspecify.annotations.NullMarked;

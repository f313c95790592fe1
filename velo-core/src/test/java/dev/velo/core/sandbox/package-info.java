/** Tests of sandboxes. */
@NullMarked
package dev.velo.core.sandbox;

import org.jspecify.annotations.NullMarked;

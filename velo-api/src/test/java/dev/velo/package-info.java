/** Tests of what programs may use. */
@NullMarked
package dev.velo;

import org.jspecify.annotations.NullMarked;

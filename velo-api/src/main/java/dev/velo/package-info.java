/** What programs may use of Velo. */
@NullMarked
package dev.velo;

import org.jspecify.annotations.NullMarked;

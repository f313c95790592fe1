/** Tests of verification and repair. */
@NullMarked
package dev.velo.core.verify;

import org.jspecify.annotations.NullMarked;

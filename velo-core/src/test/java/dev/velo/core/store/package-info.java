/** Tests of the store. */
@NullMarked
package dev.velo.core.store;

import org.jspecify.annotations.NullMarked;

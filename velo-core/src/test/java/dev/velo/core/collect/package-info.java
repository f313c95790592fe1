/** Tests of collections. */
@NullMarked
package dev.velo.core.collect;

import org.jspecify.annotations.NullMarked;

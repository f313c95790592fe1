/** What of a store is needed, and by what. */
@NullMarked
package dev.velo.core.collect;

import org.jspecify.annotations.NullMarked;

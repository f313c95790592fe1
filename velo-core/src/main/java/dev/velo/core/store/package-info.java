/** The store: sealed packs, roots, locks, publication of files, and the stat cache. */
@NullMarked
package dev.velo.core.store;

import org.jspecify.annotations.NullMarked;

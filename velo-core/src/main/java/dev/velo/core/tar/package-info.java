/** Reads tar archives, from files or pipes, compressed or not; knows nothing of stores but what it hands them. */
@NullMarked
package dev.velo.core.tar;

import org.jspecify.annotations.NullMarked;

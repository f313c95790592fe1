/** Measurements of the inside. The tree is named by the system property {@code velo.tree}, scratch space by {@code velo.scratch}. */
@NullMarked
package dev.velo.benchmarks;

import org.jspecify.annotations.NullMarked;

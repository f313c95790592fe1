/** Tests of the launcher as its users meet it: real processes, their output, statuses and traces. */
@NullMarked
package dev.velo.launcher;

import org.jspecify.annotations.NullMarked;

/** Processes that are started as a plan, without a JVM or a shell between. Not for programs. */
@NullMarked
package dev.velo.process;

import org.jspecify.annotations.NullMarked;

/** The command line: one class per command, bytes in and bytes out. */
@NullMarked
package dev.velo.launcher;

import org.jspecify.annotations.NullMarked;

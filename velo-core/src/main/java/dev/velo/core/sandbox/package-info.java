/** Processes in a world of their own: namespaces, a root of layers, no privileges. */
@NullMarked
package dev.velo.core.sandbox;

import org.jspecify.annotations.NullMarked;

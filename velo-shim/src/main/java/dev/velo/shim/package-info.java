/** What the C side of the preload shim is generated from, and the way of the built libraries into a store. */
@NullMarked
package dev.velo.shim;

import org.jspecify.annotations.NullMarked;

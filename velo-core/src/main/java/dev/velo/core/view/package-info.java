/** Images: manifests bound to the packs of a store, read by the kernel and by Java. */
@NullMarked
package dev.velo.core.view;

import org.jspecify.annotations.NullMarked;

/** Images and views against the kernel, and against damage. */
@NullMarked
package dev.velo.core.view;

import org.jspecify.annotations.NullMarked;

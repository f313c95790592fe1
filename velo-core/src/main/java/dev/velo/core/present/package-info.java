/** From a manifest to something a process can see: checkouts, farms and launch plans. */
@NullMarked
package dev.velo.core.present;

import org.jspecify.annotations.NullMarked;
